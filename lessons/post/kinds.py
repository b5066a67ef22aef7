"""What each kind of notice says, one line a kind: `what` is the item or the duty, `day` its date, `n` working days."""

from __future__ import annotations

from lessons.i18n import Sentence, say, say_n

KINDS: dict[str, Sentence] = {
    # of a duty
    "assigned": say("New for you: %(what)s"),
    "reminder": say("Due on %(day)s: %(what)s"),
    "due_today": say("Due today: %(what)s"),
    "due_tomorrow": say("Due tomorrow: %(what)s"),
    "overdue": say("Late: %(what)s"),
    "escalation": say_n(
        "For your attention: %(what)s, one working day past its date",
        "For your attention: %(what)s, %(n)d working days past its date",
    ),
    "decision": say_n(
        "A decision is needed: %(what)s, one working day past its date",
        "A decision is needed: %(what)s, %(n)d working days past its date",
    ),
    "date_decided": say("A new date was decided, %(day)s: %(what)s"),
    "handed_over": say("Handed over to you: %(what)s"),
    # to whoever reported an event
    "reported_thanks": say("Your report arrived, thank you"),
    "decided": say("Your report: a debrief was opened"),
    "declined": say("Your report: closed without a debrief, and why"),
    "merged": say("Your report: it joined a debrief of the same event"),
    "lesson_on_desk": say("What came of your report: there is a new lesson, thank you"),
    "proved": say("What came of your report: the lesson proved itself"),
    "not_proved": say("What came of your report: the lesson did not help yet, and work on it goes on"),
    # around a record
    "answered": say("Your question was answered: %(what)s"),
    "question_on_desk": say("What came of your question, thank you: there is a card on the desk: %(what)s"),
    "feedback_answered": say("What came of what you said about a card, thank you: %(what)s"),
    "sentence_kept": say("Your sentence is on the desk, thank you: %(what)s"),
    "sentence_declined": say("Thank you for a sentence that was not taken to the desk, and why: %(what)s"),
    "reopened": say("Opened again: %(what)s"),
    "sent_back": say("Sent back to be completed: %(what)s"),
    "action_declined": say("Given back by its owner: %(what)s"),
    "confirmed": say("Confirmed as done: %(what)s"),
    "cancelled": say("Cancelled: %(what)s"),
    "blocked": say("Held up, and waiting for you: %(what)s"),
    "delivered": say("What you waited for is there: %(what)s"),
    "extension_asked": say("A later date is asked for: %(what)s"),
    "grant_extension": say("The later date was granted: %(what)s"),
    "deny_extension": say("The date stays as it is: %(what)s"),
    "recurrence": say("It happened again: %(what)s"),
    "failed": say("The check showed no effect: %(what)s"),
    "help_needed": say("Help is needed: a second check showed no effect: %(what)s"),
    "inconclusive": say("The check gave no clear answer: %(what)s"),
    "due_for_review": say("Is it still valid? %(what)s"),
    "outdated": say("Readers say it is out of date: %(what)s"),
    "risk_expired": say("The time of the accepted risk is over: %(what)s"),
    "lapsed": say("Team experience that lapsed: %(what)s"),
    "in_force": say("In force from now on: %(what)s"),
    "withdrawn": say("Withdrawn from use: %(what)s"),
    "job_ready": say("Ready for you: %(what)s"),
    "job_failed": say("It could not be made: %(what)s"),
    # around one's own sign-in
    "second_step_taken": say(
        "An administrator took away the second step of your sign-in. If you did not ask for it, please say so at once"
    ),
    "absence_noted": say(
        "Somebody noted that you are away, and who acts for you meanwhile. If that is not so, it is cancelled on your "
        "own page"
    ),
    "passkey_added": say("A passkey was added to your sign-in. If it was not you, please remove it and say so at once"),
    "passkey_taken": say(
        "An administrator took away a passkey of yours. If you did not ask for it, please say so at once"
    ),
    "account_connected": say(
        "An account of the organisation’s single sign-on was connected with yours, and comes in as you from now on. If "
        "it is not your own, please say so at once"
    ),
    "day_sealed": say(
        "The history up to %(day)s is sealed. The seal is worth keeping outside this system: it shows that nothing was "
        "rewritten"
    ),
    "password_changed": say("Your password was changed. If it was not you, please say so at once"),
    "password_by_link": say(
        "A new password was set for you by a link, and all that let you in before has ended: sign-ins, tokens, "
        "passkeys and calendar addresses. If it was not you, please say so at once"
    ),
    "mail_refused": say("Mail does not reach them, and their notices are read on screen only: %(what)s"),
}
ANYTHING = say("There is news: %(what)s")


def sentence(kind: str) -> Sentence:
    """What a kind says; a kind without a line here still says where to look."""
    return KINDS.get(kind, ANYTHING)
