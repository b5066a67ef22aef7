"""The tables of the process, written out once more by hand: trigger, from, to, who. The code is held against them.

A row of the process that several rows of the code make up stands here once for each. "stays" leaves the state as it is.
"""

from __future__ import annotations

DEBRIEF_LIVE = "reported investigating in_review issued"
LESSON_LIVE = "draft proposed accepted implementing watching verified due_for_review risk_accepted"
LESSON_PUBLIC = "accepted implementing watching verified due_for_review risk_accepted"
ACTION_OPEN = "assigned in_progress blocked done declined"
ACTION_BEFORE_DONE = "assigned in_progress blocked"
DECIDED = ("debriefs", "lessons", "actions", "revisions", "verifications", "questions", "sentences")
CONFIRMERS = "verifier lesson_owner lessons_manager manager"

PROCESS: dict[str, str] = {
    "debriefs": f"""
        open            | reported                | investigating | lessons_manager manager debrief_leader
        decline         | reported investigating  | declined      | lessons_manager manager
        merge           | reported investigating  | merged        | lessons_manager
        widen           | investigating issued    | investigating | leader manager lessons_manager
        submit          | investigating           | in_review     | leader
        send_back       | in_review               | investigating | reviewer
        issue           | in_review               | issued        | reviewer system
        close           | issued                  | closed        | system
        reopen          | closed                  | investigating | lessons_manager
        undo_import     | issued closed           | declined      | system
        reopen          | declined                | reported      | lessons_manager
        hand_over       | investigating in_review issued | stays  | leader reviewer manager
        ask_extension   | investigating           | stays         | leader
        grant_extension | investigating           | stays         | manager
        deny_extension  | investigating           | stays         | manager
        assign          | {DEBRIEF_LIVE}          | stays         | leader lessons_manager manager
        write_lesson    | investigating           | stays         | leader
        set_date        | reported investigating in_review | stays | manager
        hand_on         | reported investigating in_review | stays | manager
        edit            | investigating           | stays         | leader""",
    "lessons": f"""
        propose         | draft                   | proposed      | author system
        accept          | proposed                | accepted      | lessons_manager manager
        ask_author      | proposed                | stays         | lessons_manager
        answer          | proposed                | stays         | author
        answer_feedback | {LESSON_PUBLIC}         | stays         | owner lessons_manager
        reject          | draft                   | rejected      | lessons_manager manager author system
        reject          | proposed accepted       | rejected      | lessons_manager manager system
        merge           | {LESSON_LIVE}           | merged        | lessons_manager
        start           | accepted                | implementing  | owner lessons_manager system
        accept_risk     | accepted implementing watching | risk_accepted | manager
        expire          | risk_accepted           | accepted      | system
        implemented     | implementing            | watching      | system
        proceed         | implementing            | watching      | manager
        verify          | watching                | verified      | system
        fail            | watching                | implementing  | system
        replan          | implementing            | accepted      | system
        replan          | watching                | implementing  | manager
        recur           | watching verified due_for_review risk_accepted | implementing | lessons_manager system
        age             | verified                | due_for_review | system
        revalidate      | due_for_review          | verified      | owner lessons_manager manager
        promote         | {LESSON_LIVE}           | stays         | lessons_manager
        renew           | {LESSON_LIVE}           | stays         | manager
        retire          | {LESSON_LIVE}           | retired       | lessons_manager manager system
        undo_import     | proposed verified       | rejected      | system
        hand_over       | {LESSON_PUBLIC}         | stays         | owner manager
        assign          | proposed accepted implementing | stays  | owner lessons_manager manager leader
        plan            | accepted implementing   | stays         | owner lessons_manager
        brief           | {LESSON_PUBLIC}         | stays         | owner lessons_manager editor
        waive_cause     | proposed accepted implementing | stays  | owner lessons_manager
        set_date        | draft proposed {LESSON_PUBLIC} | stays  | manager
        hand_on         | draft proposed {LESSON_PUBLIC} | stays  | manager
        edit            | draft                   | stays         | author leader
        edit            | proposed                | stays         | lessons_manager
        edit            | {LESSON_PUBLIC}         | stays         | lessons_manager owner""",
    "actions": f"""
        start           | assigned                | in_progress   | owner
        decline         | assigned                | declined      | owner
        block           | in_progress             | blocked       | owner
        unblock         | blocked                 | in_progress   | owner
        deliver         | blocked                 | in_progress   | waiting_on
        report_done     | assigned in_progress    | done          | owner
        confirm         | done                    | confirmed     | {CONFIRMERS}
        send_back       | done                    | in_progress   | {CONFIRMERS}
        reassign        | {ACTION_OPEN}           | assigned      | assigner manager system
        cancel          | {ACTION_OPEN}           | cancelled     | lessons_manager manager system
        undo_import     | assigned in_progress confirmed | cancelled | system
        hand_over       | {ACTION_BEFORE_DONE}    | stays         | owner manager
        ask_extension   | {ACTION_BEFORE_DONE}    | stays         | owner
        grant_extension | {ACTION_BEFORE_DONE}    | stays         | assigner manager
        deny_extension  | {ACTION_BEFORE_DONE}    | stays         | assigner manager
        add_evidence    | {ACTION_BEFORE_DONE} done | stays       | owner
        set_date        | {ACTION_OPEN}           | stays         | manager
        hand_on         | {ACTION_OPEN}           | stays         | manager
        edit            | assigned                | stays         | assigner""",
    "procedures": """
        hand_over       | kept                    | stays         | owner approver manager
        draft           | kept                    | stays         | owner editor_role lesson_owner
        edit            | kept                    | stays         | owner manager editor_role""",
    "revisions": """
        submit          | drafting                | in_review     | procedure_owner lesson_owner editor
        send_back       | in_review               | drafting      | approver finance
        approve_money   | in_review               | stays         | finance
        approve         | in_review               | approved      | approver
        publish         | approved                | stays         | procedure_owner
        publish         | approved                | effective     | procedure_owner system
        supersede       | effective               | superseded    | system
        cancel          | drafting in_review approved | cancelled | procedure_owner manager system
        withdraw        | effective               | withdrawn     | manager
        hand_over       | drafting                | stays         | editor manager
        brief           | effective               | stays         | procedure_owner editor_role lessons_manager
        set_date        | drafting in_review approved | stays     | manager
        hand_on         | drafting in_review approved | stays     | manager
        edit            | drafting                | stays         | procedure_owner lesson_owner editor""",
    "verifications": """
        arm             | planned                 | scheduled     | system
        fall_due        | scheduled               | due           | system
        conclude        | due                     | effective     | verifier
        conclude        | due                     | not_effective | verifier
        conclude        | due                     | inconclusive  | verifier
        void            | planned scheduled due   | void          | system
        hand_over       | planned scheduled due   | stays         | verifier manager
        set_date        | due                     | stays         | manager
        hand_on         | due                     | stays         | manager
        edit            | planned                 | stays         | lesson_owner lessons_manager""",
    "briefings": """
        end             | open                    | ended         | opener manager system
        set_date        | open                    | stays         | manager
        remind          | open                    | stays         | opener manager lessons_manager editor
        acknowledge     | open                    | stays         | member""",
    "news": """
        confirm         | reported                | live          | anyone
        brief           | live                    | stays         | editor lessons_manager manager
        remind          | live                    | stays         | editor lessons_manager manager
        withdraw        | reported live           | withdrawn     | editor lessons_manager manager author
        expire          | reported live           | expired       | system
        edit            | reported                | stays         | editor lessons_manager manager author
        edit            | live                    | stays         | editor lessons_manager manager""",
    "questions": """
        answer          | asked                   | answered      | lessons_manager editor manager
        withdraw        | asked                   | withdrawn     | asker
        set_date        | asked                   | stays         | manager
        hand_on         | asked                   | stays         | manager""",
    "sentences": """
        keep            | offered                 | live          | editor lessons_manager manager
        decline         | offered                 | declined      | editor lessons_manager manager
        withdraw        | offered                 | withdrawn     | author
        withdraw        | live                    | withdrawn     | editor lessons_manager manager author
        set_date        | offered                 | stays         | manager
        hand_on         | offered                 | stays         | manager""",
}
BORN: dict[str, set[tuple[str, str, str]]] = {
    "debriefs": {("debriefs", "report", "anyone")},
    "lessons": {("lessons", "write", "anyone"), ("debriefs", "write_lesson", "leader")},
    "actions": {("debriefs", "assign", "leader lessons_manager manager"),
                ("lessons", "assign", "owner lessons_manager manager leader")},
    "procedures": {("procedures", "create", "editor_role manager")},
    "revisions": {("procedures", "draft", "owner editor_role lesson_owner")},
    "verifications": {("lessons", "plan", "owner lessons_manager")},
    "briefings": {("lessons", "brief", "owner lessons_manager editor"),
                  ("revisions", "brief", "procedure_owner editor_role lessons_manager"),
                  ("news", "brief", "editor lessons_manager manager")},
    "news": {("news", "publish", "editor lessons_manager manager"), ("news", "report", "anyone")},
    "questions": {("questions", "ask", "anyone")},
    "sentences": {("sentences", "publish", "editor lessons_manager manager"), ("sentences", "offer", "anyone")},
}  # fmt: skip
# What a reason is asked for; without it the step is not taken.
REASONED = {
    "debriefs": "decline send_back reopen hand_over ask_extension deny_extension set_date hand_on",
    "lessons": "reject accept_risk proceed replan retire hand_over waive_cause set_date hand_on",
    "actions": "decline block send_back reassign cancel hand_over ask_extension deny_extension set_date hand_on",
    "procedures": "hand_over",
    "revisions": "send_back cancel withdraw hand_over set_date hand_on",
    "verifications": "hand_over set_date hand_on",
    "briefings": "end set_date",
    "news": "withdraw",
    "questions": "set_date hand_on",
    "sentences": "decline withdraw set_date hand_on",
}
# Which steps separation of duties guards, and by which guards.
SEPARATED = {
    ("debriefs", "open"): "leader_took_no_part reviewer_is_not_leader",
    ("debriefs", "widen"): "reviewer_is_not_leader",
    ("debriefs", "send_back"): "never_led_it",
    ("debriefs", "issue"): "never_led_it",
    ("debriefs", "reopen"): "leader_took_no_part reviewer_is_not_leader",
    ("debriefs", "hand_over"): "leader_took_no_part reviewer_is_not_leader",
    ("debriefs", "grant_extension"): "not_the_holder",
    ("debriefs", "deny_extension"): "not_the_holder",
    ("lessons", "accept"): "not_its_author manager_may_accept",
    ("lessons", "accept_risk"): "not_its_owner",
    ("lessons", "revalidate"): "did_not_change_words",
    ("actions", "confirm"): "never_owned_it",
    ("actions", "send_back"): "never_owned_it",
    ("actions", "cancel"): "not_its_owner",
    ("actions", "grant_extension"): "not_the_holder",
    ("actions", "deny_extension"): "not_the_holder",
    ("procedures", "hand_over"): "approver_is_not_owner",
    ("revisions", "approve_money"): "did_not_edit",
    ("revisions", "approve"): "did_not_edit",
    ("revisions", "withdraw"): "did_not_edit",
    ("verifications", "conclude"): "had_no_hand_in_it",
    ("verifications", "hand_over"): "verifier_had_no_hand",
    ("verifications", "edit"): "verifier_had_no_hand",
    **{(noun, "set_date"): "not_ones_own" for noun in DECIDED},
    **{(noun, "hand_on"): "not_barred" for noun in DECIDED},
}
# What each state owes, to whom in order, and what fulfils it.
OWED: dict[str, str] = {
    "debriefs": """
        triage_debrief   | reported      | lessons_manager manager  | open decline merge
        lead_debrief     | investigating | leader manager           | submit
        first_fact       | investigating | leader manager           | edit
        review_debrief   | in_review     | reviewer lessons_manager | issue send_back
        decide_extension | investigating | manager                  | grant_extension deny_extension""",
    "lessons": f"""
        finish_draft      | draft          | author lessons_manager        | propose reject
        decide_lesson     | proposed       | lessons_manager manager       | accept reject merge
        answer_question   | proposed       | author lessons_manager        | answer
        answer_feedback   | {LESSON_PUBLIC} | owner lessons_manager manager | answer_feedback
        plan_lesson       | accepted       | owner lessons_manager         | start
        manager_decision  | accepted       | manager                       | start accept_risk reject retire
        replan_lesson     | implementing   | owner lessons_manager         | plan assign brief
        manager_decision  | watching       | manager                       | replan accept_risk retire
        revalidate_lesson | due_for_review | owner lessons_manager manager | revalidate""",
    "actions": f"""
        start_action           | assigned              | owner            | start report_done decline
        give_owner_and_date    | {ACTION_BEFORE_DONE}  | manager          | reassign cancel
        do_action              | in_progress blocked   | owner            | report_done unblock
        unblock_action         | blocked               | waiting_on       | deliver
        decide_declined_action | declined              | assigner manager | reassign cancel
        confirm_action         | done                  | {CONFIRMERS}     | confirm send_back
        decide_extension       | {ACTION_BEFORE_DONE}  | assigner manager | grant_extension deny_extension
        decide_extension       | {ACTION_BEFORE_DONE}  | manager          | grant_extension deny_extension""",
    "procedures": "",
    "revisions": """
        write_revision   | drafting  | editor procedure_owner           | submit
        approve_money    | in_review | finance                          | approve_money send_back
        review_revision  | in_review | approver manager lessons_manager | approve send_back
        publish_revision | approved  | procedure_owner manager          | publish cancel""",
    "verifications": """
        verify | due | verifier lessons_manager manager | conclude""",
    "briefings": """
        manager_decision | open | manager | end set_date""",
    "news": "",
    "questions": """
        answer_question | asked | lessons_manager editor manager | answer""",
    "sentences": """
        decide_sentence | offered | editor lessons_manager manager | keep decline""",
}
