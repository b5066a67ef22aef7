SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.actions_keep_dates() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN IF 
    NEW.due_on IS DISTINCT FROM OLD.due_on AND NOT EXISTS (
        SELECT 1 FROM due_changes AS line
        WHERE line.noun = 'actions' AND line.record_id = NEW.id AND line.version = NEW.version
        AND line.new_due_on IS NOT DISTINCT FROM NEW.due_on
    )
 THEN RAISE EXCEPTION 'a due date changes only with a line in its history of dates' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END$$;
CREATE FUNCTION public.debriefs_keep_dates() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN IF OLD.due_on IS NOT NULL AND
    NEW.due_on IS DISTINCT FROM OLD.due_on AND NOT EXISTS (
        SELECT 1 FROM due_changes AS line
        WHERE line.noun = 'debriefs' AND line.record_id = NEW.id AND line.version = NEW.version
        AND line.new_due_on IS NOT DISTINCT FROM NEW.due_on
    )
 THEN RAISE EXCEPTION 'a due date changes only with a line in its history of dates' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END$$;
CREATE FUNCTION public.events_keep_words() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'history is only added to' USING ERRCODE = 'integrity_constraint_violation'; END$$;
CREATE FUNCTION public.events_know_transaction() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN NEW.tx := pg_current_xact_id()::text::bigint; RETURN NEW; END$$;
CREATE FUNCTION public.events_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'history is only added to' USING ERRCODE = 'integrity_constraint_violation'; END$$;
CREATE FUNCTION public.events_stay_all() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'history is only added to' USING ERRCODE = 'integrity_constraint_violation'; END$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.absences (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    person_id integer NOT NULL,
    delegate_id integer NOT NULL,
    from_on date NOT NULL,
    until_on date NOT NULL,
    cancelled_at timestamp with time zone
);
CREATE SEQUENCE public.absences_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.absences_id_seq OWNED BY public.absences.id;
CREATE TABLE public.action_causes (
    action_id integer NOT NULL,
    cause_id integer NOT NULL
);
CREATE TABLE public.actions (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    lesson_id integer,
    debrief_id integer,
    cycle integer NOT NULL,
    text text NOT NULL,
    done_when text NOT NULL,
    kind character varying(24) NOT NULL,
    owner_id integer,
    assigner_id integer,
    due_on date,
    first_due_on date,
    block_reason text NOT NULL,
    waiting_on_id integer,
    blocked_at timestamp with time zone,
    done_at timestamp with time zone,
    done_note text NOT NULL,
    confirmed_at timestamp with time zone,
    confirmed_by_id integer,
    CONSTRAINT ck_actions_actionkind CHECK (((kind)::text = ANY ((ARRAY['corrective'::character varying, 'preventive'::character varying, 'sustaining'::character varying, 'replicating'::character varying])::text[]))),
    CONSTRAINT ck_actions_actionstate CHECK (((state)::text = ANY ((ARRAY['assigned'::character varying, 'in_progress'::character varying, 'done'::character varying, 'confirmed'::character varying, 'blocked'::character varying, 'declined'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT ck_actions_confirmed_when CHECK ((((state)::text <> 'confirmed'::text) OR (confirmed_at IS NOT NULL))),
    CONSTRAINT ck_actions_of_lesson_or_debrief CHECK (((lesson_id IS NOT NULL) OR (debrief_id IS NOT NULL)))
);
CREATE SEQUENCE public.actions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.actions_id_seq OWNED BY public.actions.id;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attachments (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    of_noun character varying(16) NOT NULL,
    of_id integer NOT NULL,
    name character varying(300) NOT NULL,
    media_type character varying(100) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    by_id integer
);
CREATE SEQUENCE public.attachments_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attachments_id_seq OWNED BY public.attachments.id;
CREATE TABLE public.attempts (
    key character varying(80) NOT NULL,
    "window" integer NOT NULL,
    count integer NOT NULL
);
CREATE TABLE public.briefing_members (
    briefing_id integer NOT NULL,
    person_id integer NOT NULL,
    acknowledged_at timestamp with time zone,
    wrong integer NOT NULL
);
CREATE TABLE public.briefings (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    lesson_id integer,
    revision_id integer,
    subject_edition integer NOT NULL,
    cycle integer,
    audience jsonb NOT NULL,
    share double precision NOT NULL,
    due_on date NOT NULL,
    first_due_on date,
    "check" jsonb,
    opener_id integer,
    reached_at timestamp with time zone,
    ended_at timestamp with time zone,
    end_reason text NOT NULL,
    unreached boolean NOT NULL,
    decision_owed boolean NOT NULL,
    CONSTRAINT ck_briefings_briefingstate CHECK (((state)::text = ANY ((ARRAY['open'::character varying, 'ended'::character varying])::text[]))),
    CONSTRAINT ck_briefings_share_of_people CHECK (((share > (0)::double precision) AND (share <= (1)::double precision)))
);
CREATE SEQUENCE public.briefings_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.briefings_id_seq OWNED BY public.briefings.id;
CREATE TABLE public.case_links (
    case_id integer NOT NULL,
    lesson_id integer NOT NULL,
    person_id integer,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.cases (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    external_id character varying(300) NOT NULL,
    unit_id integer NOT NULL,
    text text NOT NULL,
    lang character varying(2) NOT NULL,
    channel character varying(300) NOT NULL,
    category character varying(300) NOT NULL,
    customer_hash character varying(64) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    entered_by_id integer
);
CREATE SEQUENCE public.cases_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.cases_id_seq OWNED BY public.cases.id;
CREATE TABLE public.causes (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finding_id integer NOT NULL,
    parent_id integer,
    text text NOT NULL,
    kind character varying(24) NOT NULL,
    root boolean NOT NULL,
    no_action_reason text NOT NULL,
    no_action_by_id integer,
    no_action_at timestamp with time zone,
    CONSTRAINT ck_causes_causekind CHECK (((kind)::text = ANY ((ARRAY['system'::character varying, 'human'::character varying, 'technical'::character varying, 'information'::character varying])::text[])))
);
CREATE SEQUENCE public.causes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.causes_id_seq OWNED BY public.causes.id;
CREATE TABLE public.counters (
    noun character varying(16) NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL
);
CREATE TABLE public.debrief_people (
    debrief_id integer NOT NULL,
    person_id integer NOT NULL,
    part character varying(12) NOT NULL
);
CREATE TABLE public.debriefs (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    kind character varying(24) NOT NULL,
    path character varying(24),
    severity integer,
    urgent boolean NOT NULL,
    anonymous boolean NOT NULL,
    confidential boolean NOT NULL,
    concerns_managers boolean NOT NULL,
    title character varying(300) NOT NULL,
    what_happened text NOT NULL,
    happened_on date,
    source_ref character varying(300) NOT NULL,
    questions text NOT NULL,
    expected text NOT NULL,
    actual text NOT NULL,
    why text NOT NULL,
    differently text NOT NULL,
    direction character varying(24),
    why_it_worked text NOT NULL,
    elsewhere text NOT NULL,
    names_answered jsonb NOT NULL,
    reporter_id integer,
    leader_id integer,
    reviewer_id integer,
    due_on date,
    first_due_on date,
    opened_at timestamp with time zone,
    issued_at timestamp with time zone,
    closed_at timestamp with time zone,
    merged_into_id integer,
    tracking_hash character varying(64),
    CONSTRAINT ck_debriefs_debriefkind CHECK (((kind)::text = ANY ((ARRAY['failure'::character varying, 'success'::character varying, 'near_miss'::character varying, 'routine'::character varying, 'interview'::character varying])::text[]))),
    CONSTRAINT ck_debriefs_debriefstate CHECK (((state)::text = ANY ((ARRAY['reported'::character varying, 'investigating'::character varying, 'in_review'::character varying, 'issued'::character varying, 'closed'::character varying, 'declined'::character varying, 'merged'::character varying])::text[]))),
    CONSTRAINT ck_debriefs_direction CHECK (((direction)::text = ANY ((ARRAY['do'::character varying, 'dont'::character varying, 'keep'::character varying])::text[]))),
    CONSTRAINT ck_debriefs_path CHECK (((path)::text = ANY ((ARRAY['full'::character varying, 'quick'::character varying])::text[]))),
    CONSTRAINT ck_debriefs_severity_of_four CHECK (((severity >= 1) AND (severity <= 4)))
);
CREATE SEQUENCE public.debriefs_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.debriefs_id_seq OWNED BY public.debriefs.id;
CREATE TABLE public.due_changes (
    id integer NOT NULL,
    noun character varying(16) NOT NULL,
    record_id integer NOT NULL,
    version integer NOT NULL,
    old_due_on date,
    new_due_on date,
    how character varying(24) NOT NULL,
    reason text NOT NULL,
    person_id integer,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.due_changes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.due_changes_id_seq OWNED BY public.due_changes.id;
CREATE TABLE public.duties (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    kind character varying(32) NOT NULL,
    of_noun character varying(16) NOT NULL,
    of_id integer NOT NULL,
    of_code character varying(24) NOT NULL,
    unit_id integer NOT NULL,
    person_id integer,
    role character varying(24),
    excluding jsonb NOT NULL,
    severity integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    due_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    rung integer NOT NULL,
    closed_at timestamp with time zone,
    closed_how character varying(16) NOT NULL,
    CONSTRAINT ck_duties_one_holder CHECK (((person_id IS NULL) <> (role IS NULL))),
    CONSTRAINT ck_duties_role CHECK (((role)::text = ANY ((ARRAY['agent'::character varying, 'debrief_leader'::character varying, 'lessons_manager'::character varying, 'manager'::character varying, 'editor'::character varying, 'finance'::character varying, 'auditor'::character varying, 'admin'::character varying])::text[])))
);
CREATE SEQUENCE public.duties_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.duties_id_seq OWNED BY public.duties.id;
CREATE TABLE public.event_details (
    event_id integer NOT NULL,
    actor_id integer,
    behalf_id integer,
    salt character varying(32) NOT NULL,
    private jsonb NOT NULL
);
CREATE TABLE public.events (
    id integer NOT NULL,
    noun character varying(16) NOT NULL,
    record_id integer NOT NULL,
    code character varying(24) NOT NULL,
    n integer NOT NULL,
    at timestamp with time zone NOT NULL,
    trigger character varying(24) NOT NULL,
    from_state character varying(24) NOT NULL,
    to_state character varying(24) NOT NULL,
    actor_kind character varying(12) NOT NULL,
    body text NOT NULL,
    previous character varying(64) NOT NULL,
    hash character varying(64) NOT NULL,
    tx bigint NOT NULL
);
CREATE SEQUENCE public.events_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.events_id_seq OWNED BY public.events.id;
CREATE TABLE public.evidence (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    action_id integer NOT NULL,
    kind character varying(24) NOT NULL,
    url character varying(2000) NOT NULL,
    revision_id integer,
    attachment_id integer,
    note text NOT NULL,
    by_id integer,
    CONSTRAINT ck_evidence_evidencekind CHECK (((kind)::text = ANY ((ARRAY['link'::character varying, 'file'::character varying, 'revision'::character varying, 'note'::character varying])::text[])))
);
CREATE SEQUENCE public.evidence_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.evidence_id_seq OWNED BY public.evidence.id;
CREATE TABLE public.extensions (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    of_noun character varying(16) NOT NULL,
    of_id integer NOT NULL,
    new_due_on date NOT NULL,
    old_due_on date,
    reason text NOT NULL,
    state character varying(24) NOT NULL,
    asked_by_id integer,
    decided_by_id integer,
    decided_at timestamp with time zone,
    decision_reason text NOT NULL,
    CONSTRAINT ck_extensions_extensionstate CHECK (((state)::text = ANY ((ARRAY['asked'::character varying, 'granted'::character varying, 'denied'::character varying, 'lapsed'::character varying])::text[])))
);
CREATE SEQUENCE public.extensions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.extensions_id_seq OWNED BY public.extensions.id;
CREATE TABLE public.facts (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    debrief_id integer NOT NULL,
    at timestamp with time zone,
    text text NOT NULL,
    source character varying(300) NOT NULL
);
CREATE SEQUENCE public.facts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.facts_id_seq OWNED BY public.facts.id;
CREATE TABLE public.findings (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    debrief_id integer NOT NULL,
    n integer NOT NULL,
    text text NOT NULL,
    direction character varying(24) NOT NULL,
    no_lesson_because text NOT NULL,
    CONSTRAINT ck_findings_findingdirection CHECK (((direction)::text = ANY ((ARRAY['improve'::character varying, 'sustain'::character varying])::text[])))
);
CREATE SEQUENCE public.findings_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.findings_id_seq OWNED BY public.findings.id;
CREATE TABLE public.grants (
    id integer NOT NULL,
    person_id integer NOT NULL,
    role character varying(24) NOT NULL,
    unit_id integer NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone,
    CONSTRAINT ck_grants_role CHECK (((role)::text = ANY ((ARRAY['agent'::character varying, 'debrief_leader'::character varying, 'lessons_manager'::character varying, 'manager'::character varying, 'editor'::character varying, 'finance'::character varying, 'auditor'::character varying, 'admin'::character varying])::text[])))
);
CREATE SEQUENCE public.grants_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.grants_id_seq OWNED BY public.grants.id;
CREATE TABLE public.hands (
    id integer NOT NULL,
    noun character varying(16) NOT NULL,
    record_id integer NOT NULL,
    relation character varying(16) NOT NULL,
    person_id integer NOT NULL,
    since_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone,
    reason text NOT NULL
);
CREATE SEQUENCE public.hands_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.hands_id_seq OWNED BY public.hands.id;
CREATE TABLE public.idempotency (
    key character varying(120) NOT NULL,
    request_hash character varying(64) NOT NULL,
    status integer NOT NULL,
    answer text NOT NULL,
    location character varying(400) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.invitations (
    id integer NOT NULL,
    token_hash character varying(64) NOT NULL,
    person_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE SEQUENCE public.invitations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.invitations_id_seq OWNED BY public.invitations.id;
CREATE TABLE public.lesson_topics (
    lesson_id integer NOT NULL,
    topic_id integer NOT NULL
);
CREATE TABLE public.lessons (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    debrief_id integer,
    finding_id integer,
    author_id integer,
    owner_id integer,
    accepted_by_id integer,
    accepted_at timestamp with time zone,
    severity integer,
    level integer,
    cycle integer NOT NULL,
    title character varying(300) NOT NULL,
    direction character varying(24),
    applies_when text NOT NULL,
    why text NOT NULL,
    steps jsonb NOT NULL,
    say text NOT NULL,
    avoid_saying text NOT NULL,
    limits text NOT NULL,
    transfer_to text NOT NULL,
    exceptions text NOT NULL,
    background text NOT NULL,
    meanwhile character varying(300) NOT NULL,
    source character varying(300) NOT NULL,
    interviewee_id integer,
    consent boolean NOT NULL,
    audience jsonb NOT NULL,
    review_on date,
    edition_at timestamp with time zone,
    proved_at timestamp with time zone,
    proved_elsewhere boolean NOT NULL,
    risk_until date,
    risk_reason text NOT NULL,
    risk_expired boolean NOT NULL,
    team_until date,
    renewed boolean NOT NULL,
    merged_into_id integer,
    successor_id integer,
    short character varying(12) NOT NULL,
    CONSTRAINT ck_lessons_direction CHECK (((direction)::text = ANY ((ARRAY['do'::character varying, 'dont'::character varying, 'keep'::character varying])::text[]))),
    CONSTRAINT ck_lessons_lessonstate CHECK (((state)::text = ANY ((ARRAY['draft'::character varying, 'proposed'::character varying, 'accepted'::character varying, 'implementing'::character varying, 'watching'::character varying, 'verified'::character varying, 'due_for_review'::character varying, 'rejected'::character varying, 'merged'::character varying, 'risk_accepted'::character varying, 'retired'::character varying])::text[]))),
    CONSTRAINT ck_lessons_risk_until_when CHECK ((((state)::text <> 'risk_accepted'::text) OR (risk_until IS NOT NULL))),
    CONSTRAINT ck_lessons_severity_of_four CHECK (((severity >= 1) AND (severity <= 4)))
);
CREATE SEQUENCE public.lessons_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.lessons_id_seq OWNED BY public.lessons.id;
CREATE TABLE public.letters (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    person_id integer NOT NULL,
    kind character varying(32) NOT NULL,
    key character varying(120) NOT NULL,
    to_address character varying(255) NOT NULL,
    lang character varying(2) NOT NULL,
    subject character varying(400) NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    message_id character varying(200) NOT NULL,
    thread character varying(200) NOT NULL,
    state character varying(24) NOT NULL,
    why character varying(300) NOT NULL,
    attempts integer NOT NULL,
    next_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    fence integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    CONSTRAINT ck_letters_letterstate CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying, 'sent'::character varying, 'failed'::character varying, 'dropped'::character varying])::text[])))
);
CREATE SEQUENCE public.letters_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.letters_id_seq OWNED BY public.letters.id;
CREATE TABLE public.notices (
    id integer NOT NULL,
    person_id integer NOT NULL,
    kind character varying(32) NOT NULL,
    of_noun character varying(16) NOT NULL,
    of_id integer NOT NULL,
    of_code character varying(24) NOT NULL,
    duty_id integer,
    due_on date,
    rung character varying(16) NOT NULL,
    facts jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    urgent boolean NOT NULL,
    told_at timestamp with time zone,
    letter_id integer,
    seen_at timestamp with time zone
);
CREATE SEQUENCE public.notices_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.notices_id_seq OWNED BY public.notices.id;
CREATE TABLE public.persons (
    id integer NOT NULL,
    pid character varying(24) NOT NULL,
    email character varying(255),
    number character varying(40),
    name character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    function character varying(200) NOT NULL,
    function_en character varying(200) NOT NULL,
    form character varying(8) NOT NULL,
    locale character varying(2) NOT NULL,
    digest_hour integer NOT NULL,
    unit_id integer NOT NULL,
    manager_id integer,
    hired_on date NOT NULL,
    closed_at timestamp with time zone,
    erased_at timestamp with time zone,
    password_hash character varying(200),
    theme character varying(8) NOT NULL,
    version integer NOT NULL
);
CREATE SEQUENCE public.persons_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.persons_id_seq OWNED BY public.persons.id;
CREATE TABLE public.procedures (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    title character varying(300) NOT NULL,
    owner_id integer,
    approver_id integer,
    policy_kind character varying(24) NOT NULL,
    regulated boolean NOT NULL,
    CONSTRAINT ck_procedures_policykind CHECK (((policy_kind)::text = ANY ((ARRAY['procedure'::character varying, 'service'::character varying, 'compensation'::character varying])::text[]))),
    CONSTRAINT ck_procedures_procedurestate CHECK (((state)::text = 'kept'::text))
);
CREATE SEQUENCE public.procedures_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procedures_id_seq OWNED BY public.procedures.id;
CREATE TABLE public.revision_editors (
    revision_id integer NOT NULL,
    person_id integer NOT NULL
);
CREATE TABLE public.revision_lessons (
    revision_id integer NOT NULL,
    lesson_id integer NOT NULL,
    cycle integer NOT NULL
);
CREATE TABLE public.revisions (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    procedure_id integer NOT NULL,
    base_id integer,
    number integer NOT NULL,
    sections jsonb NOT NULL,
    summary character varying(300) NOT NULL,
    editor_id integer,
    money_approved_by_id integer,
    money_approved_at timestamp with time zone,
    approved_by_id integer,
    approved_at timestamp with time zone,
    effective_on date,
    audience jsonb NOT NULL,
    share double precision,
    reading_due_on date,
    effective_at timestamp with time zone,
    ended_at timestamp with time zone,
    successor_id integer,
    CONSTRAINT ck_revisions_revisionstate CHECK (((state)::text = ANY ((ARRAY['drafting'::character varying, 'in_review'::character varying, 'approved'::character varying, 'effective'::character varying, 'superseded'::character varying, 'withdrawn'::character varying, 'cancelled'::character varying])::text[])))
);
CREATE SEQUENCE public.revisions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.revisions_id_seq OWNED BY public.revisions.id;
CREATE TABLE public.sign_ins (
    id integer NOT NULL,
    token_hash character varying(64) NOT NULL,
    person_id integer NOT NULL,
    csrf character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.sign_ins_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sign_ins_id_seq OWNED BY public.sign_ins.id;
CREATE TABLE public.similar_answers (
    debrief_id integer NOT NULL,
    lesson_id integer NOT NULL,
    choice character varying(24) NOT NULL,
    CONSTRAINT ck_similar_answers_similarity CHECK (((choice)::text = ANY ((ARRAY['same'::character varying, 'related'::character varying, 'different'::character varying])::text[])))
);
CREATE TABLE public.tokens (
    id integer NOT NULL,
    token_hash character varying(64) NOT NULL,
    person_id integer NOT NULL,
    name character varying(200) NOT NULL,
    scope character varying(8) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.tokens_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tokens_id_seq OWNED BY public.tokens.id;
CREATE TABLE public.topics (
    id integer NOT NULL,
    name character varying(60) NOT NULL,
    key character varying(60) NOT NULL,
    lang character varying(2) NOT NULL
);
CREATE SEQUENCE public.topics_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.topics_id_seq OWNED BY public.topics.id;
CREATE TABLE public.units (
    id integer NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    parent_id integer,
    small boolean NOT NULL,
    zone character varying(40) NOT NULL,
    calendar jsonb NOT NULL,
    policy jsonb NOT NULL,
    fallback_person_id integer,
    from_on date NOT NULL,
    until_on date,
    successor_id integer,
    version integer NOT NULL
);
CREATE SEQUENCE public.units_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.units_id_seq OWNED BY public.units.id;
CREATE TABLE public.verifications (
    id integer NOT NULL,
    code character varying(24) NOT NULL,
    version integer NOT NULL,
    edition integer NOT NULL,
    unit_id integer NOT NULL,
    lang character varying(2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    event_n integer NOT NULL,
    event_hash character varying(64) NOT NULL,
    imported_from character varying(120) NOT NULL,
    state character varying(24) NOT NULL,
    lesson_id integer NOT NULL,
    cycle integer NOT NULL,
    attempt integer NOT NULL,
    preset character varying(24),
    method character varying(300) NOT NULL,
    measure character varying(300) NOT NULL,
    baseline double precision,
    baseline_unknown text NOT NULL,
    target double precision,
    watch_days integer NOT NULL,
    verifier_id integer,
    from_on date,
    due_on date,
    result character varying(16) NOT NULL,
    measured double precision,
    sample integer,
    words text NOT NULL,
    evidence text NOT NULL,
    attached jsonb NOT NULL,
    concluded_at timestamp with time zone,
    concluded_by_id integer,
    CONSTRAINT ck_verifications_concluded_when CHECK ((((state)::text <> ALL ((ARRAY['effective'::character varying, 'not_effective'::character varying, 'inconclusive'::character varying])::text[])) OR (concluded_at IS NOT NULL))),
    CONSTRAINT ck_verifications_preset CHECK (((preset)::text = ANY ((ARRAY['did_not_come_back'::character varying, 'floor_says'::character varying, 'sample'::character varying, 'before_after'::character varying])::text[]))),
    CONSTRAINT ck_verifications_verificationstate CHECK (((state)::text = ANY ((ARRAY['planned'::character varying, 'scheduled'::character varying, 'due'::character varying, 'effective'::character varying, 'not_effective'::character varying, 'inconclusive'::character varying, 'void'::character varying])::text[])))
);
CREATE SEQUENCE public.verifications_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.verifications_id_seq OWNED BY public.verifications.id;
CREATE TABLE public.word_changes (
    id integer NOT NULL,
    lesson_id integer NOT NULL,
    person_id integer NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.word_changes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.word_changes_id_seq OWNED BY public.word_changes.id;
ALTER TABLE ONLY public.absences ALTER COLUMN id SET DEFAULT nextval('public.absences_id_seq'::regclass);
ALTER TABLE ONLY public.actions ALTER COLUMN id SET DEFAULT nextval('public.actions_id_seq'::regclass);
ALTER TABLE ONLY public.attachments ALTER COLUMN id SET DEFAULT nextval('public.attachments_id_seq'::regclass);
ALTER TABLE ONLY public.briefings ALTER COLUMN id SET DEFAULT nextval('public.briefings_id_seq'::regclass);
ALTER TABLE ONLY public.cases ALTER COLUMN id SET DEFAULT nextval('public.cases_id_seq'::regclass);
ALTER TABLE ONLY public.causes ALTER COLUMN id SET DEFAULT nextval('public.causes_id_seq'::regclass);
ALTER TABLE ONLY public.debriefs ALTER COLUMN id SET DEFAULT nextval('public.debriefs_id_seq'::regclass);
ALTER TABLE ONLY public.due_changes ALTER COLUMN id SET DEFAULT nextval('public.due_changes_id_seq'::regclass);
ALTER TABLE ONLY public.duties ALTER COLUMN id SET DEFAULT nextval('public.duties_id_seq'::regclass);
ALTER TABLE ONLY public.events ALTER COLUMN id SET DEFAULT nextval('public.events_id_seq'::regclass);
ALTER TABLE ONLY public.evidence ALTER COLUMN id SET DEFAULT nextval('public.evidence_id_seq'::regclass);
ALTER TABLE ONLY public.extensions ALTER COLUMN id SET DEFAULT nextval('public.extensions_id_seq'::regclass);
ALTER TABLE ONLY public.facts ALTER COLUMN id SET DEFAULT nextval('public.facts_id_seq'::regclass);
ALTER TABLE ONLY public.findings ALTER COLUMN id SET DEFAULT nextval('public.findings_id_seq'::regclass);
ALTER TABLE ONLY public.grants ALTER COLUMN id SET DEFAULT nextval('public.grants_id_seq'::regclass);
ALTER TABLE ONLY public.hands ALTER COLUMN id SET DEFAULT nextval('public.hands_id_seq'::regclass);
ALTER TABLE ONLY public.invitations ALTER COLUMN id SET DEFAULT nextval('public.invitations_id_seq'::regclass);
ALTER TABLE ONLY public.lessons ALTER COLUMN id SET DEFAULT nextval('public.lessons_id_seq'::regclass);
ALTER TABLE ONLY public.letters ALTER COLUMN id SET DEFAULT nextval('public.letters_id_seq'::regclass);
ALTER TABLE ONLY public.notices ALTER COLUMN id SET DEFAULT nextval('public.notices_id_seq'::regclass);
ALTER TABLE ONLY public.persons ALTER COLUMN id SET DEFAULT nextval('public.persons_id_seq'::regclass);
ALTER TABLE ONLY public.procedures ALTER COLUMN id SET DEFAULT nextval('public.procedures_id_seq'::regclass);
ALTER TABLE ONLY public.revisions ALTER COLUMN id SET DEFAULT nextval('public.revisions_id_seq'::regclass);
ALTER TABLE ONLY public.sign_ins ALTER COLUMN id SET DEFAULT nextval('public.sign_ins_id_seq'::regclass);
ALTER TABLE ONLY public.tokens ALTER COLUMN id SET DEFAULT nextval('public.tokens_id_seq'::regclass);
ALTER TABLE ONLY public.topics ALTER COLUMN id SET DEFAULT nextval('public.topics_id_seq'::regclass);
ALTER TABLE ONLY public.units ALTER COLUMN id SET DEFAULT nextval('public.units_id_seq'::regclass);
ALTER TABLE ONLY public.verifications ALTER COLUMN id SET DEFAULT nextval('public.verifications_id_seq'::regclass);
ALTER TABLE ONLY public.word_changes ALTER COLUMN id SET DEFAULT nextval('public.word_changes_id_seq'::regclass);
INSERT INTO public.actions VALUES (1, 'A-2026-0001', 1, 1, 1, 'he', '2026-01-05 08:30:00+00', '2026-01-05 08:30:00+00', '2026-01-05 08:30:00+00', 0, '', '', 'assigned', 1, NULL, 1, 'לתקן את המסך', 'המסך מזהיר', 'corrective', 1, NULL, '2026-02-01', '2026-02-01', '', NULL, NULL, NULL, '', NULL, NULL);
INSERT INTO public.alembic_version VALUES ('0001_schema');
INSERT INTO public.debriefs VALUES (1, 'D-2026-0001', 1, 1, 1, 'he', '2026-01-05 08:30:00+00', '2026-01-05 08:30:00+00', '2026-01-05 08:30:00+00', 0, '', '', 'issued', 'failure', NULL, 3, false, false, false, false, 'לקוחה חויבה פעמיים בש"ח', 'הלקוחה התקשרה שלוש פעמים.', NULL, '', '', '', '', '', '', NULL, '', '', '[]', NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.due_changes VALUES (1, 'actions', 1, 1, NULL, '2026-02-01', 'assigned', '', NULL, '2026-01-05 08:30:00+00');
INSERT INTO public.duties VALUES (1, 'duty', 'do_action', 'actions', 1, 'A-2026-0001', 1, 1, NULL, '[]', 2, '2026-01-05 08:30:00+00', '2026-02-01', '2026-01-05 08:30:00+00', NULL, 0, NULL, '');
INSERT INTO public.event_details VALUES (1, 1, NULL, '', '{"reason": "כי ככה"}');
INSERT INTO public.events VALUES (1, 'lessons', 1, 'L-2026-0001', 1, '2026-01-05 08:30:00+00', 'propose', '', 'proposed', 'person', '{"n":1}', '', '0000000000000000000000000000000000000000000000000000000000000000', 754);
INSERT INTO public.lesson_topics VALUES (1, 1);
INSERT INTO public.lessons VALUES (1, 'L-2026-0001', 1, 1, 1, 'he', '2026-01-05 08:30:00+00', '2026-01-05 08:30:00+00', '2026-01-05 08:30:00+00', 0, '', '', 'implementing', 1, NULL, 1, NULL, NULL, NULL, NULL, NULL, 2, 'לבדוק חיוב כפול לפני סיום השיחה', NULL, '', '', '["לפתוח את החשבון", "it''s right"]', '', '', '', '', '', '', '', '', NULL, false, '{"units": ["tel-aviv"]}', NULL, NULL, NULL, false, NULL, '', false, NULL, false, NULL, NULL, 'k3x9');
INSERT INTO public.persons VALUES (1, 'dana', NULL, '1001', 'דנה כהן', '', '', '', '', 'he', 8, 1, NULL, '2020-01-01', NULL, NULL, NULL, 'auto', 1);
INSERT INTO public.topics VALUES (1, 'חיוב', 'חיוב', 'he');
INSERT INTO public.units VALUES (1, 'tel-aviv', 'מוקד תל אביב', '', NULL, false, 'Asia/Jerusalem', '{}', '{}', NULL, '2020-01-01', NULL, NULL, 1);
SELECT pg_catalog.setval('public.absences_id_seq', 1, false);
SELECT pg_catalog.setval('public.actions_id_seq', 1, true);
SELECT pg_catalog.setval('public.attachments_id_seq', 1, false);
SELECT pg_catalog.setval('public.briefings_id_seq', 1, false);
SELECT pg_catalog.setval('public.cases_id_seq', 1, false);
SELECT pg_catalog.setval('public.causes_id_seq', 1, false);
SELECT pg_catalog.setval('public.debriefs_id_seq', 1, true);
SELECT pg_catalog.setval('public.due_changes_id_seq', 1, true);
SELECT pg_catalog.setval('public.duties_id_seq', 1, true);
SELECT pg_catalog.setval('public.events_id_seq', 1, true);
SELECT pg_catalog.setval('public.evidence_id_seq', 1, false);
SELECT pg_catalog.setval('public.extensions_id_seq', 1, false);
SELECT pg_catalog.setval('public.facts_id_seq', 1, false);
SELECT pg_catalog.setval('public.findings_id_seq', 1, false);
SELECT pg_catalog.setval('public.grants_id_seq', 1, false);
SELECT pg_catalog.setval('public.hands_id_seq', 1, false);
SELECT pg_catalog.setval('public.invitations_id_seq', 1, false);
SELECT pg_catalog.setval('public.lessons_id_seq', 1, true);
SELECT pg_catalog.setval('public.letters_id_seq', 1, false);
SELECT pg_catalog.setval('public.notices_id_seq', 1, false);
SELECT pg_catalog.setval('public.persons_id_seq', 1, true);
SELECT pg_catalog.setval('public.procedures_id_seq', 1, false);
SELECT pg_catalog.setval('public.revisions_id_seq', 1, false);
SELECT pg_catalog.setval('public.sign_ins_id_seq', 1, false);
SELECT pg_catalog.setval('public.tokens_id_seq', 1, false);
SELECT pg_catalog.setval('public.topics_id_seq', 1, true);
SELECT pg_catalog.setval('public.units_id_seq', 1, true);
SELECT pg_catalog.setval('public.verifications_id_seq', 1, false);
SELECT pg_catalog.setval('public.word_changes_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT pk_absences PRIMARY KEY (id);
ALTER TABLE ONLY public.action_causes
    ADD CONSTRAINT pk_action_causes PRIMARY KEY (action_id, cause_id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT pk_actions PRIMARY KEY (id);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT pk_attachments PRIMARY KEY (id);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (key, "window");
ALTER TABLE ONLY public.briefing_members
    ADD CONSTRAINT pk_briefing_members PRIMARY KEY (briefing_id, person_id);
ALTER TABLE ONLY public.briefings
    ADD CONSTRAINT pk_briefings PRIMARY KEY (id);
ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT pk_case_links PRIMARY KEY (case_id, lesson_id);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT pk_cases PRIMARY KEY (id);
ALTER TABLE ONLY public.causes
    ADD CONSTRAINT pk_causes PRIMARY KEY (id);
ALTER TABLE ONLY public.counters
    ADD CONSTRAINT pk_counters PRIMARY KEY (noun, year);
ALTER TABLE ONLY public.debrief_people
    ADD CONSTRAINT pk_debrief_people PRIMARY KEY (debrief_id, person_id, part);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT pk_debriefs PRIMARY KEY (id);
ALTER TABLE ONLY public.due_changes
    ADD CONSTRAINT pk_due_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.duties
    ADD CONSTRAINT pk_duties PRIMARY KEY (id);
ALTER TABLE ONLY public.event_details
    ADD CONSTRAINT pk_event_details PRIMARY KEY (event_id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT pk_evidence PRIMARY KEY (id);
ALTER TABLE ONLY public.extensions
    ADD CONSTRAINT pk_extensions PRIMARY KEY (id);
ALTER TABLE ONLY public.facts
    ADD CONSTRAINT pk_facts PRIMARY KEY (id);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT pk_findings PRIMARY KEY (id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT pk_grants PRIMARY KEY (id);
ALTER TABLE ONLY public.hands
    ADD CONSTRAINT pk_hands PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT pk_idempotency PRIMARY KEY (key);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (id);
ALTER TABLE ONLY public.lesson_topics
    ADD CONSTRAINT pk_lesson_topics PRIMARY KEY (lesson_id, topic_id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT pk_lessons PRIMARY KEY (id);
ALTER TABLE ONLY public.letters
    ADD CONSTRAINT pk_letters PRIMARY KEY (id);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT pk_notices PRIMARY KEY (id);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT pk_persons PRIMARY KEY (id);
ALTER TABLE ONLY public.procedures
    ADD CONSTRAINT pk_procedures PRIMARY KEY (id);
ALTER TABLE ONLY public.revision_editors
    ADD CONSTRAINT pk_revision_editors PRIMARY KEY (revision_id, person_id);
ALTER TABLE ONLY public.revision_lessons
    ADD CONSTRAINT pk_revision_lessons PRIMARY KEY (revision_id, lesson_id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT pk_revisions PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT pk_sign_ins PRIMARY KEY (id);
ALTER TABLE ONLY public.similar_answers
    ADD CONSTRAINT pk_similar_answers PRIMARY KEY (debrief_id, lesson_id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT pk_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT pk_topics PRIMARY KEY (id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT pk_units PRIMARY KEY (id);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT pk_verifications PRIMARY KEY (id);
ALTER TABLE ONLY public.word_changes
    ADD CONSTRAINT pk_word_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT uq_absences_pid UNIQUE (pid);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT uq_actions_code UNIQUE (code);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT uq_attachments_pid UNIQUE (pid);
ALTER TABLE ONLY public.briefings
    ADD CONSTRAINT uq_briefings_code UNIQUE (code);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT uq_cases_external_id UNIQUE (external_id);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT uq_cases_pid UNIQUE (pid);
ALTER TABLE ONLY public.causes
    ADD CONSTRAINT uq_causes_pid UNIQUE (pid);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT uq_debriefs_code UNIQUE (code);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT uq_debriefs_tracking_hash UNIQUE (tracking_hash);
ALTER TABLE ONLY public.duties
    ADD CONSTRAINT uq_duties_pid UNIQUE (pid);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT uq_events_noun_record_id_n UNIQUE (noun, record_id, n);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT uq_evidence_pid UNIQUE (pid);
ALTER TABLE ONLY public.extensions
    ADD CONSTRAINT uq_extensions_pid UNIQUE (pid);
ALTER TABLE ONLY public.facts
    ADD CONSTRAINT uq_facts_pid UNIQUE (pid);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT uq_findings_pid UNIQUE (pid);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT uq_lessons_code UNIQUE (code);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT uq_lessons_short UNIQUE (short);
ALTER TABLE ONLY public.letters
    ADD CONSTRAINT uq_letters_key UNIQUE (key);
ALTER TABLE ONLY public.letters
    ADD CONSTRAINT uq_letters_message_id UNIQUE (message_id);
ALTER TABLE ONLY public.letters
    ADD CONSTRAINT uq_letters_pid UNIQUE (pid);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT uq_notices_duty_id_due_on_rung_person_id UNIQUE (duty_id, due_on, rung, person_id);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT uq_persons_email UNIQUE (email);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT uq_persons_number UNIQUE (number);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT uq_persons_pid UNIQUE (pid);
ALTER TABLE ONLY public.procedures
    ADD CONSTRAINT uq_procedures_code UNIQUE (code);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT uq_revisions_code UNIQUE (code);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT uq_sign_ins_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT uq_tokens_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT uq_topics_key UNIQUE (key);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT uq_units_code UNIQUE (code);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT uq_verifications_code UNIQUE (code);
CREATE INDEX hands_of_record ON public.hands USING btree (noun, record_id, relation);
CREATE INDEX ix_absences_delegate_id ON public.absences USING btree (delegate_id);
CREATE INDEX ix_absences_person_id ON public.absences USING btree (person_id);
CREATE INDEX ix_action_causes_cause_id ON public.action_causes USING btree (cause_id);
CREATE INDEX ix_actions_assigner_id ON public.actions USING btree (assigner_id);
CREATE INDEX ix_actions_confirmed_by_id ON public.actions USING btree (confirmed_by_id);
CREATE INDEX ix_actions_debrief_id ON public.actions USING btree (debrief_id);
CREATE INDEX ix_actions_due_on ON public.actions USING btree (due_on);
CREATE INDEX ix_actions_lesson_id ON public.actions USING btree (lesson_id);
CREATE INDEX ix_actions_owner_id ON public.actions USING btree (owner_id);
CREATE INDEX ix_actions_state ON public.actions USING btree (state);
CREATE INDEX ix_actions_unit_id ON public.actions USING btree (unit_id);
CREATE INDEX ix_actions_waiting_on_id ON public.actions USING btree (waiting_on_id);
CREATE INDEX ix_attachments_by_id ON public.attachments USING btree (by_id);
CREATE INDEX ix_attachments_of_id ON public.attachments USING btree (of_id);
CREATE INDEX ix_attachments_of_noun ON public.attachments USING btree (of_noun);
CREATE INDEX ix_attachments_sha256 ON public.attachments USING btree (sha256);
CREATE INDEX ix_briefing_members_person_id ON public.briefing_members USING btree (person_id);
CREATE INDEX ix_briefings_lesson_id ON public.briefings USING btree (lesson_id);
CREATE INDEX ix_briefings_opener_id ON public.briefings USING btree (opener_id);
CREATE INDEX ix_briefings_revision_id ON public.briefings USING btree (revision_id);
CREATE INDEX ix_briefings_state ON public.briefings USING btree (state);
CREATE INDEX ix_briefings_unit_id ON public.briefings USING btree (unit_id);
CREATE INDEX ix_case_links_lesson_id ON public.case_links USING btree (lesson_id);
CREATE INDEX ix_case_links_person_id ON public.case_links USING btree (person_id);
CREATE INDEX ix_cases_entered_by_id ON public.cases USING btree (entered_by_id);
CREATE INDEX ix_cases_opened_at ON public.cases USING btree (opened_at);
CREATE INDEX ix_cases_unit_id ON public.cases USING btree (unit_id);
CREATE INDEX ix_causes_finding_id ON public.causes USING btree (finding_id);
CREATE INDEX ix_causes_no_action_by_id ON public.causes USING btree (no_action_by_id);
CREATE INDEX ix_causes_parent_id ON public.causes USING btree (parent_id);
CREATE INDEX ix_debrief_people_person_id ON public.debrief_people USING btree (person_id);
CREATE INDEX ix_debriefs_leader_id ON public.debriefs USING btree (leader_id);
CREATE INDEX ix_debriefs_merged_into_id ON public.debriefs USING btree (merged_into_id);
CREATE INDEX ix_debriefs_reporter_id ON public.debriefs USING btree (reporter_id);
CREATE INDEX ix_debriefs_reviewer_id ON public.debriefs USING btree (reviewer_id);
CREATE INDEX ix_debriefs_state ON public.debriefs USING btree (state);
CREATE INDEX ix_debriefs_unit_id ON public.debriefs USING btree (unit_id);
CREATE INDEX ix_due_changes_noun ON public.due_changes USING btree (noun);
CREATE INDEX ix_due_changes_person_id ON public.due_changes USING btree (person_id);
CREATE INDEX ix_due_changes_record_id ON public.due_changes USING btree (record_id);
CREATE INDEX ix_duties_next ON public.duties USING btree (next_at) WHERE ((closed_at IS NULL) AND (next_at IS NOT NULL));
CREATE INDEX ix_duties_open_person ON public.duties USING btree (person_id, due_on) WHERE (closed_at IS NULL);
CREATE INDEX ix_duties_open_role ON public.duties USING btree (role, unit_id, due_on) WHERE (closed_at IS NULL);
CREATE INDEX ix_duties_record ON public.duties USING btree (of_noun, of_id);
CREATE INDEX ix_event_details_actor_id ON public.event_details USING btree (actor_id);
CREATE INDEX ix_event_details_behalf_id ON public.event_details USING btree (behalf_id);
CREATE INDEX ix_events_feed ON public.events USING btree (tx, id);
CREATE INDEX ix_evidence_action_id ON public.evidence USING btree (action_id);
CREATE INDEX ix_evidence_attachment_id ON public.evidence USING btree (attachment_id);
CREATE INDEX ix_evidence_by_id ON public.evidence USING btree (by_id);
CREATE INDEX ix_evidence_revision_id ON public.evidence USING btree (revision_id);
CREATE INDEX ix_extensions_asked_by_id ON public.extensions USING btree (asked_by_id);
CREATE INDEX ix_extensions_decided_by_id ON public.extensions USING btree (decided_by_id);
CREATE INDEX ix_extensions_of_id ON public.extensions USING btree (of_id);
CREATE INDEX ix_extensions_of_noun ON public.extensions USING btree (of_noun);
CREATE INDEX ix_facts_debrief_id ON public.facts USING btree (debrief_id);
CREATE INDEX ix_findings_debrief_id ON public.findings USING btree (debrief_id);
CREATE INDEX ix_grants_person_id ON public.grants USING btree (person_id);
CREATE INDEX ix_grants_unit_id ON public.grants USING btree (unit_id);
CREATE INDEX ix_hands_person_id ON public.hands USING btree (person_id);
CREATE INDEX ix_invitations_person_id ON public.invitations USING btree (person_id);
CREATE INDEX ix_lesson_topics_topic_id ON public.lesson_topics USING btree (topic_id);
CREATE INDEX ix_lessons_accepted_by_id ON public.lessons USING btree (accepted_by_id);
CREATE INDEX ix_lessons_author_id ON public.lessons USING btree (author_id);
CREATE INDEX ix_lessons_debrief_id ON public.lessons USING btree (debrief_id);
CREATE INDEX ix_lessons_finding_id ON public.lessons USING btree (finding_id);
CREATE INDEX ix_lessons_interviewee_id ON public.lessons USING btree (interviewee_id);
CREATE INDEX ix_lessons_merged_into_id ON public.lessons USING btree (merged_into_id);
CREATE INDEX ix_lessons_owner_id ON public.lessons USING btree (owner_id);
CREATE INDEX ix_lessons_review_on ON public.lessons USING btree (review_on);
CREATE INDEX ix_lessons_risk_until ON public.lessons USING btree (risk_until);
CREATE INDEX ix_lessons_state ON public.lessons USING btree (state);
CREATE INDEX ix_lessons_successor_id ON public.lessons USING btree (successor_id);
CREATE INDEX ix_lessons_team_until ON public.lessons USING btree (team_until);
CREATE INDEX ix_lessons_unit_id ON public.lessons USING btree (unit_id);
CREATE INDEX ix_letters_due ON public.letters USING btree (next_at) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying])::text[]));
CREATE INDEX ix_letters_person_id ON public.letters USING btree (person_id);
CREATE INDEX ix_notices_duty_id ON public.notices USING btree (duty_id);
CREATE INDEX ix_notices_letter_id ON public.notices USING btree (letter_id);
CREATE INDEX ix_notices_untold ON public.notices USING btree (person_id) WHERE (told_at IS NULL);
CREATE INDEX ix_persons_manager_id ON public.persons USING btree (manager_id);
CREATE INDEX ix_persons_unit_id ON public.persons USING btree (unit_id);
CREATE INDEX ix_procedures_approver_id ON public.procedures USING btree (approver_id);
CREATE INDEX ix_procedures_owner_id ON public.procedures USING btree (owner_id);
CREATE INDEX ix_procedures_unit_id ON public.procedures USING btree (unit_id);
CREATE INDEX ix_revision_editors_person_id ON public.revision_editors USING btree (person_id);
CREATE INDEX ix_revision_lessons_lesson_id ON public.revision_lessons USING btree (lesson_id);
CREATE INDEX ix_revisions_approved_by_id ON public.revisions USING btree (approved_by_id);
CREATE INDEX ix_revisions_base_id ON public.revisions USING btree (base_id);
CREATE INDEX ix_revisions_editor_id ON public.revisions USING btree (editor_id);
CREATE INDEX ix_revisions_effective_on ON public.revisions USING btree (effective_on);
CREATE INDEX ix_revisions_money_approved_by_id ON public.revisions USING btree (money_approved_by_id);
CREATE INDEX ix_revisions_procedure_id ON public.revisions USING btree (procedure_id);
CREATE INDEX ix_revisions_state ON public.revisions USING btree (state);
CREATE INDEX ix_revisions_successor_id ON public.revisions USING btree (successor_id);
CREATE INDEX ix_revisions_unit_id ON public.revisions USING btree (unit_id);
CREATE INDEX ix_sign_ins_person_id ON public.sign_ins USING btree (person_id);
CREATE INDEX ix_tokens_person_id ON public.tokens USING btree (person_id);
CREATE INDEX ix_units_fallback_person_id ON public.units USING btree (fallback_person_id);
CREATE INDEX ix_units_parent_id ON public.units USING btree (parent_id);
CREATE INDEX ix_units_successor_id ON public.units USING btree (successor_id);
CREATE INDEX ix_verifications_concluded_by_id ON public.verifications USING btree (concluded_by_id);
CREATE INDEX ix_verifications_due_on ON public.verifications USING btree (due_on);
CREATE INDEX ix_verifications_lesson_id ON public.verifications USING btree (lesson_id);
CREATE INDEX ix_verifications_state ON public.verifications USING btree (state);
CREATE INDEX ix_verifications_unit_id ON public.verifications USING btree (unit_id);
CREATE INDEX ix_verifications_verifier_id ON public.verifications USING btree (verifier_id);
CREATE INDEX ix_word_changes_lesson_id ON public.word_changes USING btree (lesson_id);
CREATE INDEX ix_word_changes_person_id ON public.word_changes USING btree (person_id);
CREATE UNIQUE INDEX one_in_force ON public.revisions USING btree (procedure_id) WHERE ((state)::text = 'effective'::text);
CREATE UNIQUE INDEX one_live_verification ON public.verifications USING btree (lesson_id, cycle) WHERE ((state)::text = ANY ((ARRAY['planned'::character varying, 'scheduled'::character varying, 'due'::character varying])::text[]));
CREATE UNIQUE INDEX one_open_draft ON public.revisions USING btree (procedure_id) WHERE ((state)::text = ANY ((ARRAY['drafting'::character varying, 'in_review'::character varying, 'approved'::character varying])::text[]));
CREATE UNIQUE INDEX one_open_extension ON public.extensions USING btree (of_noun, of_id) WHERE ((state)::text = 'asked'::text);
CREATE TRIGGER actions_keep_dates BEFORE UPDATE OF due_on ON public.actions FOR EACH ROW EXECUTE FUNCTION public.actions_keep_dates();
CREATE TRIGGER debriefs_keep_dates BEFORE UPDATE OF due_on ON public.debriefs FOR EACH ROW EXECUTE FUNCTION public.debriefs_keep_dates();
CREATE TRIGGER events_keep_words BEFORE UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.events_keep_words();
CREATE TRIGGER events_know_transaction BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.events_know_transaction();
CREATE TRIGGER events_stay BEFORE DELETE ON public.events FOR EACH ROW EXECUTE FUNCTION public.events_stay();
CREATE TRIGGER events_stay_all BEFORE TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.events_stay_all();
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT fk_absences_delegate_id FOREIGN KEY (delegate_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.absences
    ADD CONSTRAINT fk_absences_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.action_causes
    ADD CONSTRAINT fk_action_causes_action_id FOREIGN KEY (action_id) REFERENCES public.actions(id);
ALTER TABLE ONLY public.action_causes
    ADD CONSTRAINT fk_action_causes_cause_id FOREIGN KEY (cause_id) REFERENCES public.causes(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_assigner_id FOREIGN KEY (assigner_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_confirmed_by_id FOREIGN KEY (confirmed_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_debrief_id FOREIGN KEY (debrief_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_owner_id FOREIGN KEY (owner_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_waiting_on_id FOREIGN KEY (waiting_on_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT fk_attachments_by_id FOREIGN KEY (by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.briefing_members
    ADD CONSTRAINT fk_briefing_members_briefing_id FOREIGN KEY (briefing_id) REFERENCES public.briefings(id);
ALTER TABLE ONLY public.briefing_members
    ADD CONSTRAINT fk_briefing_members_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.briefings
    ADD CONSTRAINT fk_briefings_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.briefings
    ADD CONSTRAINT fk_briefings_opener_id FOREIGN KEY (opener_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.briefings
    ADD CONSTRAINT fk_briefings_revision_id FOREIGN KEY (revision_id) REFERENCES public.revisions(id);
ALTER TABLE ONLY public.briefings
    ADD CONSTRAINT fk_briefings_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT fk_case_links_case_id FOREIGN KEY (case_id) REFERENCES public.cases(id);
ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT fk_case_links_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.case_links
    ADD CONSTRAINT fk_case_links_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT fk_cases_entered_by_id FOREIGN KEY (entered_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT fk_cases_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.causes
    ADD CONSTRAINT fk_causes_finding_id FOREIGN KEY (finding_id) REFERENCES public.findings(id);
ALTER TABLE ONLY public.causes
    ADD CONSTRAINT fk_causes_no_action_by_id FOREIGN KEY (no_action_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.causes
    ADD CONSTRAINT fk_causes_parent_id FOREIGN KEY (parent_id) REFERENCES public.causes(id);
ALTER TABLE ONLY public.debrief_people
    ADD CONSTRAINT fk_debrief_people_debrief_id FOREIGN KEY (debrief_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.debrief_people
    ADD CONSTRAINT fk_debrief_people_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT fk_debriefs_leader_id FOREIGN KEY (leader_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT fk_debriefs_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT fk_debriefs_reporter_id FOREIGN KEY (reporter_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT fk_debriefs_reviewer_id FOREIGN KEY (reviewer_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.debriefs
    ADD CONSTRAINT fk_debriefs_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.due_changes
    ADD CONSTRAINT fk_due_changes_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.duties
    ADD CONSTRAINT fk_duties_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.duties
    ADD CONSTRAINT fk_duties_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.event_details
    ADD CONSTRAINT fk_event_details_actor_id FOREIGN KEY (actor_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.event_details
    ADD CONSTRAINT fk_event_details_behalf_id FOREIGN KEY (behalf_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.event_details
    ADD CONSTRAINT fk_event_details_event_id FOREIGN KEY (event_id) REFERENCES public.events(id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT fk_evidence_action_id FOREIGN KEY (action_id) REFERENCES public.actions(id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT fk_evidence_attachment_id FOREIGN KEY (attachment_id) REFERENCES public.attachments(id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT fk_evidence_by_id FOREIGN KEY (by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT fk_evidence_revision_id FOREIGN KEY (revision_id) REFERENCES public.revisions(id);
ALTER TABLE ONLY public.extensions
    ADD CONSTRAINT fk_extensions_asked_by_id FOREIGN KEY (asked_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.extensions
    ADD CONSTRAINT fk_extensions_decided_by_id FOREIGN KEY (decided_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.facts
    ADD CONSTRAINT fk_facts_debrief_id FOREIGN KEY (debrief_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT fk_findings_debrief_id FOREIGN KEY (debrief_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT fk_grants_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT fk_grants_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.hands
    ADD CONSTRAINT fk_hands_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT fk_invitations_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.lesson_topics
    ADD CONSTRAINT fk_lesson_topics_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.lesson_topics
    ADD CONSTRAINT fk_lesson_topics_topic_id FOREIGN KEY (topic_id) REFERENCES public.topics(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_accepted_by_id FOREIGN KEY (accepted_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_author_id FOREIGN KEY (author_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_debrief_id FOREIGN KEY (debrief_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_finding_id FOREIGN KEY (finding_id) REFERENCES public.findings(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_interviewee_id FOREIGN KEY (interviewee_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_owner_id FOREIGN KEY (owner_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_successor_id FOREIGN KEY (successor_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT fk_lessons_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.letters
    ADD CONSTRAINT fk_letters_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT fk_notices_duty_id FOREIGN KEY (duty_id) REFERENCES public.duties(id);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT fk_notices_letter_id FOREIGN KEY (letter_id) REFERENCES public.letters(id);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT fk_notices_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT fk_persons_manager_id FOREIGN KEY (manager_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT fk_persons_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.procedures
    ADD CONSTRAINT fk_procedures_approver_id FOREIGN KEY (approver_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.procedures
    ADD CONSTRAINT fk_procedures_owner_id FOREIGN KEY (owner_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.procedures
    ADD CONSTRAINT fk_procedures_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.revision_editors
    ADD CONSTRAINT fk_revision_editors_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.revision_editors
    ADD CONSTRAINT fk_revision_editors_revision_id FOREIGN KEY (revision_id) REFERENCES public.revisions(id);
ALTER TABLE ONLY public.revision_lessons
    ADD CONSTRAINT fk_revision_lessons_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.revision_lessons
    ADD CONSTRAINT fk_revision_lessons_revision_id FOREIGN KEY (revision_id) REFERENCES public.revisions(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_approved_by_id FOREIGN KEY (approved_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_base_id FOREIGN KEY (base_id) REFERENCES public.revisions(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_editor_id FOREIGN KEY (editor_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_money_approved_by_id FOREIGN KEY (money_approved_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_procedure_id FOREIGN KEY (procedure_id) REFERENCES public.procedures(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_successor_id FOREIGN KEY (successor_id) REFERENCES public.procedures(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT fk_sign_ins_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.similar_answers
    ADD CONSTRAINT fk_similar_answers_debrief_id FOREIGN KEY (debrief_id) REFERENCES public.debriefs(id);
ALTER TABLE ONLY public.similar_answers
    ADD CONSTRAINT fk_similar_answers_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT fk_tokens_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT fk_units_fallback_person_id FOREIGN KEY (fallback_person_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT fk_units_parent_id FOREIGN KEY (parent_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT fk_units_successor_id FOREIGN KEY (successor_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT fk_verifications_concluded_by_id FOREIGN KEY (concluded_by_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT fk_verifications_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT fk_verifications_unit_id FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT fk_verifications_verifier_id FOREIGN KEY (verifier_id) REFERENCES public.persons(id);
ALTER TABLE ONLY public.word_changes
    ADD CONSTRAINT fk_word_changes_lesson_id FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);
ALTER TABLE ONLY public.word_changes
    ADD CONSTRAINT fk_word_changes_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);
