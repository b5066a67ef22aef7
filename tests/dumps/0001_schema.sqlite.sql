BEGIN TRANSACTION;
CREATE TABLE absences (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	person_id INTEGER NOT NULL, 
	delegate_id INTEGER NOT NULL, 
	from_on DATE NOT NULL, 
	until_on DATE NOT NULL, 
	cancelled_at DATETIME, 
	CONSTRAINT pk_absences PRIMARY KEY (id), 
	CONSTRAINT fk_absences_delegate_id FOREIGN KEY(delegate_id) REFERENCES persons (id), 
	CONSTRAINT fk_absences_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_absences_pid UNIQUE (pid)
);
CREATE TABLE action_causes (
	action_id INTEGER NOT NULL, 
	cause_id INTEGER NOT NULL, 
	CONSTRAINT pk_action_causes PRIMARY KEY (action_id, cause_id), 
	CONSTRAINT fk_action_causes_action_id FOREIGN KEY(action_id) REFERENCES actions (id), 
	CONSTRAINT fk_action_causes_cause_id FOREIGN KEY(cause_id) REFERENCES causes (id)
);
CREATE TABLE actions (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	lesson_id INTEGER, 
	debrief_id INTEGER, 
	cycle INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	done_when TEXT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	owner_id INTEGER, 
	assigner_id INTEGER, 
	due_on DATE, 
	first_due_on DATE, 
	block_reason TEXT NOT NULL, 
	waiting_on_id INTEGER, 
	blocked_at DATETIME, 
	done_at DATETIME, 
	done_note TEXT NOT NULL, 
	confirmed_at DATETIME, 
	confirmed_by_id INTEGER, 
	CONSTRAINT pk_actions PRIMARY KEY (id), 
	CONSTRAINT ck_actions_actionkind CHECK (kind IN ('corrective', 'preventive', 'sustaining', 'replicating')), 
	CONSTRAINT ck_actions_confirmed_when CHECK (state <> 'confirmed' OR confirmed_at IS NOT NULL), 
	CONSTRAINT ck_actions_actionstate CHECK (state IN ('assigned', 'in_progress', 'done', 'confirmed', 'blocked', 'declined', 'cancelled')), 
	CONSTRAINT ck_actions_of_lesson_or_debrief CHECK (lesson_id IS NOT NULL OR debrief_id IS NOT NULL), 
	CONSTRAINT fk_actions_assigner_id FOREIGN KEY(assigner_id) REFERENCES persons (id), 
	CONSTRAINT fk_actions_confirmed_by_id FOREIGN KEY(confirmed_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_actions_debrief_id FOREIGN KEY(debrief_id) REFERENCES debriefs (id), 
	CONSTRAINT fk_actions_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_actions_owner_id FOREIGN KEY(owner_id) REFERENCES persons (id), 
	CONSTRAINT fk_actions_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT fk_actions_waiting_on_id FOREIGN KEY(waiting_on_id) REFERENCES persons (id), 
	CONSTRAINT uq_actions_code UNIQUE (code)
);
INSERT INTO "actions" VALUES(1,'A-2026-0001',1,1,1,'he','2026-01-05 08:30:00.000000','2026-01-05 08:30:00.000000','2026-01-05 08:30:00.000000',0,'','','assigned',1,NULL,1,'לתקן את המסך','המסך מזהיר','corrective',1,NULL,'2026-02-01','2026-02-01','',NULL,NULL,NULL,'',NULL,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001_schema');
CREATE TABLE attachments (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	of_noun VARCHAR(16) NOT NULL, 
	of_id INTEGER NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	by_id INTEGER, 
	CONSTRAINT pk_attachments PRIMARY KEY (id), 
	CONSTRAINT fk_attachments_by_id FOREIGN KEY(by_id) REFERENCES persons (id), 
	CONSTRAINT uq_attachments_pid UNIQUE (pid)
);
CREATE TABLE attempts (
	"key" VARCHAR(80) NOT NULL, 
	window INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY ("key", window)
);
CREATE TABLE briefing_members (
	briefing_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	acknowledged_at DATETIME, 
	wrong INTEGER NOT NULL, 
	CONSTRAINT pk_briefing_members PRIMARY KEY (briefing_id, person_id), 
	CONSTRAINT fk_briefing_members_briefing_id FOREIGN KEY(briefing_id) REFERENCES briefings (id), 
	CONSTRAINT fk_briefing_members_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE TABLE briefings (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	lesson_id INTEGER, 
	revision_id INTEGER, 
	subject_edition INTEGER NOT NULL, 
	cycle INTEGER, 
	audience JSON NOT NULL, 
	share FLOAT NOT NULL, 
	due_on DATE NOT NULL, 
	first_due_on DATE, 
	"check" JSON, 
	opener_id INTEGER, 
	reached_at DATETIME, 
	ended_at DATETIME, 
	end_reason TEXT NOT NULL, 
	unreached BOOLEAN NOT NULL, 
	decision_owed BOOLEAN NOT NULL, 
	CONSTRAINT pk_briefings PRIMARY KEY (id), 
	CONSTRAINT ck_briefings_briefingstate CHECK (state IN ('open', 'ended')), 
	CONSTRAINT ck_briefings_share_of_people CHECK (share > 0 AND share <= 1), 
	CONSTRAINT fk_briefings_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_briefings_opener_id FOREIGN KEY(opener_id) REFERENCES persons (id), 
	CONSTRAINT fk_briefings_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id), 
	CONSTRAINT fk_briefings_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_briefings_code UNIQUE (code)
);
CREATE TABLE case_links (
	case_id INTEGER NOT NULL, 
	lesson_id INTEGER NOT NULL, 
	person_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_case_links PRIMARY KEY (case_id, lesson_id), 
	CONSTRAINT fk_case_links_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_case_links_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_case_links_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE TABLE cases (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	external_id VARCHAR(300) NOT NULL, 
	unit_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	channel VARCHAR(300) NOT NULL, 
	category VARCHAR(300) NOT NULL, 
	customer_hash VARCHAR(64) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	entered_by_id INTEGER, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT fk_cases_entered_by_id FOREIGN KEY(entered_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_cases_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_cases_external_id UNIQUE (external_id), 
	CONSTRAINT uq_cases_pid UNIQUE (pid)
);
CREATE TABLE causes (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	finding_id INTEGER NOT NULL, 
	parent_id INTEGER, 
	text TEXT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	root BOOLEAN NOT NULL, 
	no_action_reason TEXT NOT NULL, 
	no_action_by_id INTEGER, 
	no_action_at DATETIME, 
	CONSTRAINT pk_causes PRIMARY KEY (id), 
	CONSTRAINT ck_causes_causekind CHECK (kind IN ('system', 'human', 'technical', 'information')), 
	CONSTRAINT fk_causes_finding_id FOREIGN KEY(finding_id) REFERENCES findings (id), 
	CONSTRAINT fk_causes_no_action_by_id FOREIGN KEY(no_action_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_causes_parent_id FOREIGN KEY(parent_id) REFERENCES causes (id), 
	CONSTRAINT uq_causes_pid UNIQUE (pid)
);
CREATE TABLE counters (
	noun VARCHAR(16) NOT NULL, 
	year INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (noun, year)
);
CREATE TABLE debrief_people (
	debrief_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	part VARCHAR(12) NOT NULL, 
	CONSTRAINT pk_debrief_people PRIMARY KEY (debrief_id, person_id, part), 
	CONSTRAINT fk_debrief_people_debrief_id FOREIGN KEY(debrief_id) REFERENCES debriefs (id), 
	CONSTRAINT fk_debrief_people_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE TABLE debriefs (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	path VARCHAR(24), 
	severity INTEGER, 
	urgent BOOLEAN NOT NULL, 
	anonymous BOOLEAN NOT NULL, 
	confidential BOOLEAN NOT NULL, 
	concerns_managers BOOLEAN NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	what_happened TEXT NOT NULL, 
	happened_on DATE, 
	source_ref VARCHAR(300) NOT NULL, 
	questions TEXT NOT NULL, 
	expected TEXT NOT NULL, 
	actual TEXT NOT NULL, 
	why TEXT NOT NULL, 
	differently TEXT NOT NULL, 
	direction VARCHAR(24), 
	why_it_worked TEXT NOT NULL, 
	elsewhere TEXT NOT NULL, 
	names_answered JSON NOT NULL, 
	reporter_id INTEGER, 
	leader_id INTEGER, 
	reviewer_id INTEGER, 
	due_on DATE, 
	first_due_on DATE, 
	opened_at DATETIME, 
	issued_at DATETIME, 
	closed_at DATETIME, 
	merged_into_id INTEGER, 
	tracking_hash VARCHAR(64), 
	CONSTRAINT pk_debriefs PRIMARY KEY (id), 
	CONSTRAINT ck_debriefs_direction CHECK (direction IN ('do', 'dont', 'keep')), 
	CONSTRAINT ck_debriefs_debriefkind CHECK (kind IN ('failure', 'success', 'near_miss', 'routine', 'interview')), 
	CONSTRAINT ck_debriefs_path CHECK (path IN ('full', 'quick')), 
	CONSTRAINT ck_debriefs_debriefstate CHECK (state IN ('reported', 'investigating', 'in_review', 'issued', 'closed', 'declined', 'merged')), 
	CONSTRAINT ck_debriefs_severity_of_four CHECK (severity BETWEEN 1 AND 4), 
	CONSTRAINT fk_debriefs_leader_id FOREIGN KEY(leader_id) REFERENCES persons (id), 
	CONSTRAINT fk_debriefs_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES debriefs (id), 
	CONSTRAINT fk_debriefs_reporter_id FOREIGN KEY(reporter_id) REFERENCES persons (id), 
	CONSTRAINT fk_debriefs_reviewer_id FOREIGN KEY(reviewer_id) REFERENCES persons (id), 
	CONSTRAINT fk_debriefs_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_debriefs_code UNIQUE (code), 
	CONSTRAINT uq_debriefs_tracking_hash UNIQUE (tracking_hash)
);
INSERT INTO "debriefs" VALUES(1,'D-2026-0001',1,1,1,'he','2026-01-05 08:30:00.000000','2026-01-05 08:30:00.000000','2026-01-05 08:30:00.000000',0,'','','issued','failure',NULL,3,0,0,0,0,'לקוחה חויבה פעמיים בש"ח','הלקוחה התקשרה שלוש פעמים.',NULL,'','','','','','',NULL,'','','[]',NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE due_changes (
	id INTEGER NOT NULL, 
	noun VARCHAR(16) NOT NULL, 
	record_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	old_due_on DATE, 
	new_due_on DATE, 
	how VARCHAR(24) NOT NULL, 
	reason TEXT NOT NULL, 
	person_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_due_changes PRIMARY KEY (id), 
	CONSTRAINT fk_due_changes_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
INSERT INTO "due_changes" VALUES(1,'actions',1,1,NULL,'2026-02-01','assigned','',NULL,'2026-01-05 08:30:00.000000');
CREATE TABLE duties (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	of_noun VARCHAR(16) NOT NULL, 
	of_id INTEGER NOT NULL, 
	of_code VARCHAR(24) NOT NULL, 
	unit_id INTEGER NOT NULL, 
	person_id INTEGER, 
	role VARCHAR(24), 
	excluding JSON NOT NULL, 
	severity INTEGER NOT NULL, 
	opened_at DATETIME NOT NULL, 
	due_on DATE NOT NULL, 
	due_at DATETIME NOT NULL, 
	next_at DATETIME, 
	rung INTEGER NOT NULL, 
	closed_at DATETIME, 
	closed_how VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_duties PRIMARY KEY (id), 
	CONSTRAINT ck_duties_role CHECK (role IN ('agent', 'debrief_leader', 'lessons_manager', 'manager', 'editor', 'finance', 'auditor', 'admin')), 
	CONSTRAINT ck_duties_one_holder CHECK ((person_id IS NULL) <> (role IS NULL)), 
	CONSTRAINT fk_duties_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT fk_duties_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_duties_pid UNIQUE (pid)
);
INSERT INTO "duties" VALUES(1,'duty','do_action','actions',1,'A-2026-0001',1,1,NULL,'[]',2,'2026-01-05 08:30:00.000000','2026-02-01','2026-01-05 08:30:00.000000',NULL,0,NULL,'');
CREATE TABLE event_details (
	event_id INTEGER NOT NULL, 
	actor_id INTEGER, 
	behalf_id INTEGER, 
	salt VARCHAR(32) NOT NULL, 
	private JSON NOT NULL, 
	CONSTRAINT pk_event_details PRIMARY KEY (event_id), 
	CONSTRAINT fk_event_details_actor_id FOREIGN KEY(actor_id) REFERENCES persons (id), 
	CONSTRAINT fk_event_details_behalf_id FOREIGN KEY(behalf_id) REFERENCES persons (id), 
	CONSTRAINT fk_event_details_event_id FOREIGN KEY(event_id) REFERENCES events (id)
);
INSERT INTO "event_details" VALUES(1,1,NULL,'','{"reason": "\u05db\u05d9 \u05db\u05db\u05d4"}');
CREATE TABLE events (
	id INTEGER NOT NULL, 
	noun VARCHAR(16) NOT NULL, 
	record_id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	n INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"trigger" VARCHAR(24) NOT NULL, 
	from_state VARCHAR(24) NOT NULL, 
	to_state VARCHAR(24) NOT NULL, 
	actor_kind VARCHAR(12) NOT NULL, 
	body TEXT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	tx BIGINT NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT uq_events_noun_record_id_n UNIQUE (noun, record_id, n)
);
INSERT INTO "events" VALUES(1,'lessons',1,'L-2026-0001',1,'2026-01-05 08:30:00.000000','propose','','proposed','person','{"n":1}','','0000000000000000000000000000000000000000000000000000000000000000',0);
CREATE TABLE evidence (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	action_id INTEGER NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	url VARCHAR(2000) NOT NULL, 
	revision_id INTEGER, 
	attachment_id INTEGER, 
	note TEXT NOT NULL, 
	by_id INTEGER, 
	CONSTRAINT pk_evidence PRIMARY KEY (id), 
	CONSTRAINT ck_evidence_evidencekind CHECK (kind IN ('link', 'file', 'revision', 'note')), 
	CONSTRAINT fk_evidence_action_id FOREIGN KEY(action_id) REFERENCES actions (id), 
	CONSTRAINT fk_evidence_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachments (id), 
	CONSTRAINT fk_evidence_by_id FOREIGN KEY(by_id) REFERENCES persons (id), 
	CONSTRAINT fk_evidence_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id), 
	CONSTRAINT uq_evidence_pid UNIQUE (pid)
);
CREATE TABLE extensions (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	of_noun VARCHAR(16) NOT NULL, 
	of_id INTEGER NOT NULL, 
	new_due_on DATE NOT NULL, 
	old_due_on DATE, 
	reason TEXT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	asked_by_id INTEGER, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	decision_reason TEXT NOT NULL, 
	CONSTRAINT pk_extensions PRIMARY KEY (id), 
	CONSTRAINT ck_extensions_extensionstate CHECK (state IN ('asked', 'granted', 'denied', 'lapsed')), 
	CONSTRAINT fk_extensions_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_extensions_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES persons (id), 
	CONSTRAINT uq_extensions_pid UNIQUE (pid)
);
CREATE TABLE facts (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	debrief_id INTEGER NOT NULL, 
	at DATETIME, 
	text TEXT NOT NULL, 
	source VARCHAR(300) NOT NULL, 
	CONSTRAINT pk_facts PRIMARY KEY (id), 
	CONSTRAINT fk_facts_debrief_id FOREIGN KEY(debrief_id) REFERENCES debriefs (id), 
	CONSTRAINT uq_facts_pid UNIQUE (pid)
);
CREATE TABLE findings (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	debrief_id INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	direction VARCHAR(24) NOT NULL, 
	no_lesson_because TEXT NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (id), 
	CONSTRAINT ck_findings_findingdirection CHECK (direction IN ('improve', 'sustain')), 
	CONSTRAINT fk_findings_debrief_id FOREIGN KEY(debrief_id) REFERENCES debriefs (id), 
	CONSTRAINT uq_findings_pid UNIQUE (pid)
);
CREATE TABLE grants (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	role VARCHAR(24) NOT NULL, 
	unit_id INTEGER NOT NULL, 
	from_at DATETIME NOT NULL, 
	until_at DATETIME, 
	CONSTRAINT pk_grants PRIMARY KEY (id), 
	CONSTRAINT ck_grants_role CHECK (role IN ('agent', 'debrief_leader', 'lessons_manager', 'manager', 'editor', 'finance', 'auditor', 'admin')), 
	CONSTRAINT fk_grants_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT fk_grants_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
CREATE TABLE hands (
	id INTEGER NOT NULL, 
	noun VARCHAR(16) NOT NULL, 
	record_id INTEGER NOT NULL, 
	relation VARCHAR(16) NOT NULL, 
	person_id INTEGER NOT NULL, 
	since_at DATETIME NOT NULL, 
	until_at DATETIME, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_hands PRIMARY KEY (id), 
	CONSTRAINT fk_hands_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE TABLE idempotency (
	"key" VARCHAR(120) NOT NULL, 
	request_hash VARCHAR(64) NOT NULL, 
	status INTEGER NOT NULL, 
	answer TEXT NOT NULL, 
	location VARCHAR(400) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_idempotency PRIMARY KEY ("key")
);
CREATE TABLE invitations (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT fk_invitations_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash)
);
CREATE TABLE lesson_topics (
	lesson_id INTEGER NOT NULL, 
	topic_id INTEGER NOT NULL, 
	CONSTRAINT pk_lesson_topics PRIMARY KEY (lesson_id, topic_id), 
	CONSTRAINT fk_lesson_topics_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_lesson_topics_topic_id FOREIGN KEY(topic_id) REFERENCES topics (id)
);
INSERT INTO "lesson_topics" VALUES(1,1);
CREATE TABLE lessons (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	debrief_id INTEGER, 
	finding_id INTEGER, 
	author_id INTEGER, 
	owner_id INTEGER, 
	accepted_by_id INTEGER, 
	accepted_at DATETIME, 
	severity INTEGER, 
	level INTEGER, 
	cycle INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	direction VARCHAR(24), 
	applies_when TEXT NOT NULL, 
	why TEXT NOT NULL, 
	steps JSON NOT NULL, 
	say TEXT NOT NULL, 
	avoid_saying TEXT NOT NULL, 
	limits TEXT NOT NULL, 
	transfer_to TEXT NOT NULL, 
	exceptions TEXT NOT NULL, 
	background TEXT NOT NULL, 
	meanwhile VARCHAR(300) NOT NULL, 
	source VARCHAR(300) NOT NULL, 
	interviewee_id INTEGER, 
	consent BOOLEAN NOT NULL, 
	audience JSON NOT NULL, 
	review_on DATE, 
	edition_at DATETIME, 
	proved_at DATETIME, 
	proved_elsewhere BOOLEAN NOT NULL, 
	risk_until DATE, 
	risk_reason TEXT NOT NULL, 
	risk_expired BOOLEAN NOT NULL, 
	team_until DATE, 
	renewed BOOLEAN NOT NULL, 
	merged_into_id INTEGER, 
	successor_id INTEGER, 
	short VARCHAR(12) NOT NULL, 
	CONSTRAINT pk_lessons PRIMARY KEY (id), 
	CONSTRAINT ck_lessons_direction CHECK (direction IN ('do', 'dont', 'keep')), 
	CONSTRAINT ck_lessons_risk_until_when CHECK (state <> 'risk_accepted' OR risk_until IS NOT NULL), 
	CONSTRAINT ck_lessons_lessonstate CHECK (state IN ('draft', 'proposed', 'accepted', 'implementing', 'watching', 'verified', 'due_for_review', 'rejected', 'merged', 'risk_accepted', 'retired')), 
	CONSTRAINT ck_lessons_severity_of_four CHECK (severity BETWEEN 1 AND 4), 
	CONSTRAINT fk_lessons_accepted_by_id FOREIGN KEY(accepted_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_lessons_author_id FOREIGN KEY(author_id) REFERENCES persons (id), 
	CONSTRAINT fk_lessons_debrief_id FOREIGN KEY(debrief_id) REFERENCES debriefs (id), 
	CONSTRAINT fk_lessons_finding_id FOREIGN KEY(finding_id) REFERENCES findings (id), 
	CONSTRAINT fk_lessons_interviewee_id FOREIGN KEY(interviewee_id) REFERENCES persons (id), 
	CONSTRAINT fk_lessons_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES lessons (id), 
	CONSTRAINT fk_lessons_owner_id FOREIGN KEY(owner_id) REFERENCES persons (id), 
	CONSTRAINT fk_lessons_successor_id FOREIGN KEY(successor_id) REFERENCES lessons (id), 
	CONSTRAINT fk_lessons_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_lessons_code UNIQUE (code), 
	CONSTRAINT uq_lessons_short UNIQUE (short)
);
INSERT INTO "lessons" VALUES(1,'L-2026-0001',1,1,1,'he','2026-01-05 08:30:00.000000','2026-01-05 08:30:00.000000','2026-01-05 08:30:00.000000',0,'','','implementing',1,NULL,1,NULL,NULL,NULL,NULL,NULL,2,'לבדוק חיוב כפול לפני סיום השיחה',NULL,'','','["\u05dc\u05e4\u05ea\u05d5\u05d7 \u05d0\u05ea \u05d4\u05d7\u05e9\u05d1\u05d5\u05df", "it''s right"]','','','','','','','','',NULL,0,'{"units": ["tel-aviv"]}',NULL,NULL,NULL,0,NULL,'',0,NULL,0,NULL,NULL,'k3x9');
CREATE TABLE letters (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	"key" VARCHAR(120) NOT NULL, 
	to_address VARCHAR(255) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	subject VARCHAR(400) NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	message_id VARCHAR(200) NOT NULL, 
	thread VARCHAR(200) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	why VARCHAR(300) NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	fence INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	CONSTRAINT pk_letters PRIMARY KEY (id), 
	CONSTRAINT ck_letters_letterstate CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')), 
	CONSTRAINT fk_letters_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_letters_key UNIQUE ("key"), 
	CONSTRAINT uq_letters_message_id UNIQUE (message_id), 
	CONSTRAINT uq_letters_pid UNIQUE (pid)
);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	of_noun VARCHAR(16) NOT NULL, 
	of_id INTEGER NOT NULL, 
	of_code VARCHAR(24) NOT NULL, 
	duty_id INTEGER, 
	due_on DATE, 
	rung VARCHAR(16) NOT NULL, 
	facts JSON NOT NULL, 
	at DATETIME NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	told_at DATETIME, 
	letter_id INTEGER, 
	seen_at DATETIME, 
	CONSTRAINT pk_notices PRIMARY KEY (id), 
	CONSTRAINT fk_notices_duty_id FOREIGN KEY(duty_id) REFERENCES duties (id), 
	CONSTRAINT fk_notices_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id), 
	CONSTRAINT fk_notices_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_notices_duty_id_due_on_rung_person_id UNIQUE (duty_id, due_on, rung, person_id)
);
CREATE TABLE persons (
	id INTEGER NOT NULL, 
	pid VARCHAR(24) NOT NULL, 
	email VARCHAR(255), 
	number VARCHAR(40), 
	name VARCHAR(200) NOT NULL, 
	name_en VARCHAR(200) NOT NULL, 
	function VARCHAR(200) NOT NULL, 
	function_en VARCHAR(200) NOT NULL, 
	form VARCHAR(8) NOT NULL, 
	locale VARCHAR(2) NOT NULL, 
	digest_hour INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	manager_id INTEGER, 
	hired_on DATE NOT NULL, 
	closed_at DATETIME, 
	erased_at DATETIME, 
	password_hash VARCHAR(200), 
	theme VARCHAR(8) NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_persons PRIMARY KEY (id), 
	CONSTRAINT fk_persons_manager_id FOREIGN KEY(manager_id) REFERENCES persons (id), 
	CONSTRAINT fk_persons_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_persons_email UNIQUE (email), 
	CONSTRAINT uq_persons_number UNIQUE (number), 
	CONSTRAINT uq_persons_pid UNIQUE (pid)
);
INSERT INTO "persons" VALUES(1,'dana',NULL,'1001','דנה כהן','','','','','he',8,1,NULL,'2020-01-01',NULL,NULL,NULL,'auto',1);
CREATE TABLE procedures (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	owner_id INTEGER, 
	approver_id INTEGER, 
	policy_kind VARCHAR(24) NOT NULL, 
	regulated BOOLEAN NOT NULL, 
	CONSTRAINT pk_procedures PRIMARY KEY (id), 
	CONSTRAINT ck_procedures_policykind CHECK (policy_kind IN ('procedure', 'service', 'compensation')), 
	CONSTRAINT ck_procedures_procedurestate CHECK (state IN ('kept')), 
	CONSTRAINT fk_procedures_approver_id FOREIGN KEY(approver_id) REFERENCES persons (id), 
	CONSTRAINT fk_procedures_owner_id FOREIGN KEY(owner_id) REFERENCES persons (id), 
	CONSTRAINT fk_procedures_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_procedures_code UNIQUE (code)
);
CREATE TABLE revision_editors (
	revision_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	CONSTRAINT pk_revision_editors PRIMARY KEY (revision_id, person_id), 
	CONSTRAINT fk_revision_editors_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT fk_revision_editors_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
);
CREATE TABLE revision_lessons (
	revision_id INTEGER NOT NULL, 
	lesson_id INTEGER NOT NULL, 
	cycle INTEGER NOT NULL, 
	CONSTRAINT pk_revision_lessons PRIMARY KEY (revision_id, lesson_id), 
	CONSTRAINT fk_revision_lessons_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_revision_lessons_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
);
CREATE TABLE revisions (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	procedure_id INTEGER NOT NULL, 
	base_id INTEGER, 
	number INTEGER NOT NULL, 
	sections JSON NOT NULL, 
	summary VARCHAR(300) NOT NULL, 
	editor_id INTEGER, 
	money_approved_by_id INTEGER, 
	money_approved_at DATETIME, 
	approved_by_id INTEGER, 
	approved_at DATETIME, 
	effective_on DATE, 
	audience JSON NOT NULL, 
	share FLOAT, 
	reading_due_on DATE, 
	effective_at DATETIME, 
	ended_at DATETIME, 
	successor_id INTEGER, 
	CONSTRAINT pk_revisions PRIMARY KEY (id), 
	CONSTRAINT ck_revisions_revisionstate CHECK (state IN ('drafting', 'in_review', 'approved', 'effective', 'superseded', 'withdrawn', 'cancelled')), 
	CONSTRAINT fk_revisions_approved_by_id FOREIGN KEY(approved_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_revisions_base_id FOREIGN KEY(base_id) REFERENCES revisions (id), 
	CONSTRAINT fk_revisions_editor_id FOREIGN KEY(editor_id) REFERENCES persons (id), 
	CONSTRAINT fk_revisions_money_approved_by_id FOREIGN KEY(money_approved_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_revisions_procedure_id FOREIGN KEY(procedure_id) REFERENCES procedures (id), 
	CONSTRAINT fk_revisions_successor_id FOREIGN KEY(successor_id) REFERENCES procedures (id), 
	CONSTRAINT fk_revisions_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT uq_revisions_code UNIQUE (code)
);
CREATE TABLE sign_ins (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	csrf VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_sign_ins PRIMARY KEY (id), 
	CONSTRAINT fk_sign_ins_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_sign_ins_token_hash UNIQUE (token_hash)
);
CREATE TABLE similar_answers (
	debrief_id INTEGER NOT NULL, 
	lesson_id INTEGER NOT NULL, 
	choice VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_similar_answers PRIMARY KEY (debrief_id, lesson_id), 
	CONSTRAINT ck_similar_answers_similarity CHECK (choice IN ('same', 'related', 'different')), 
	CONSTRAINT fk_similar_answers_debrief_id FOREIGN KEY(debrief_id) REFERENCES debriefs (id), 
	CONSTRAINT fk_similar_answers_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id)
);
CREATE TABLE tokens (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	scope VARCHAR(8) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	ended_at DATETIME, 
	CONSTRAINT pk_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_tokens_person_id FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_tokens_token_hash UNIQUE (token_hash)
);
CREATE TABLE topics (
	id INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	CONSTRAINT pk_topics PRIMARY KEY (id), 
	CONSTRAINT uq_topics_key UNIQUE ("key")
);
INSERT INTO "topics" VALUES(1,'חיוב','חיוב','he');
CREATE TABLE units (
	id INTEGER NOT NULL, 
	code VARCHAR(40) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_en VARCHAR(200) NOT NULL, 
	parent_id INTEGER, 
	small BOOLEAN NOT NULL, 
	zone VARCHAR(40) NOT NULL, 
	calendar JSON NOT NULL, 
	policy JSON NOT NULL, 
	fallback_person_id INTEGER, 
	from_on DATE NOT NULL, 
	until_on DATE, 
	successor_id INTEGER, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_units PRIMARY KEY (id), 
	CONSTRAINT fk_units_fallback_person_id FOREIGN KEY(fallback_person_id) REFERENCES persons (id), 
	CONSTRAINT fk_units_parent_id FOREIGN KEY(parent_id) REFERENCES units (id), 
	CONSTRAINT fk_units_successor_id FOREIGN KEY(successor_id) REFERENCES units (id), 
	CONSTRAINT uq_units_code UNIQUE (code)
);
INSERT INTO "units" VALUES(1,'tel-aviv','מוקד תל אביב','',NULL,0,'Asia/Jerusalem','{}','{}',NULL,'2020-01-01',NULL,NULL,1);
CREATE TABLE verifications (
	id INTEGER NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	version INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	lang VARCHAR(2) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	entered_at DATETIME NOT NULL, 
	event_n INTEGER NOT NULL, 
	event_hash VARCHAR(64) NOT NULL, 
	imported_from VARCHAR(120) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	lesson_id INTEGER NOT NULL, 
	cycle INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	preset VARCHAR(24), 
	method VARCHAR(300) NOT NULL, 
	measure VARCHAR(300) NOT NULL, 
	baseline FLOAT, 
	baseline_unknown TEXT NOT NULL, 
	target FLOAT, 
	watch_days INTEGER NOT NULL, 
	verifier_id INTEGER, 
	from_on DATE, 
	due_on DATE, 
	result VARCHAR(16) NOT NULL, 
	measured FLOAT, 
	sample INTEGER, 
	words TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	attached JSON NOT NULL, 
	concluded_at DATETIME, 
	concluded_by_id INTEGER, 
	CONSTRAINT pk_verifications PRIMARY KEY (id), 
	CONSTRAINT ck_verifications_preset CHECK (preset IN ('did_not_come_back', 'floor_says', 'sample', 'before_after')), 
	CONSTRAINT ck_verifications_verificationstate CHECK (state IN ('planned', 'scheduled', 'due', 'effective', 'not_effective', 'inconclusive', 'void')), 
	CONSTRAINT ck_verifications_concluded_when CHECK (state NOT IN ('effective', 'not_effective', 'inconclusive') OR concluded_at IS NOT NULL), 
	CONSTRAINT fk_verifications_concluded_by_id FOREIGN KEY(concluded_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_verifications_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_verifications_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT fk_verifications_verifier_id FOREIGN KEY(verifier_id) REFERENCES persons (id), 
	CONSTRAINT uq_verifications_code UNIQUE (code)
);
CREATE TABLE word_changes (
	id INTEGER NOT NULL, 
	lesson_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_word_changes PRIMARY KEY (id), 
	CONSTRAINT fk_word_changes_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id), 
	CONSTRAINT fk_word_changes_person_id FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE INDEX ix_events_feed ON events (tx, id);
CREATE INDEX ix_units_fallback_person_id ON units (fallback_person_id);
CREATE INDEX ix_units_parent_id ON units (parent_id);
CREATE INDEX ix_units_successor_id ON units (successor_id);
CREATE INDEX ix_persons_manager_id ON persons (manager_id);
CREATE INDEX ix_persons_unit_id ON persons (unit_id);
CREATE INDEX ix_absences_delegate_id ON absences (delegate_id);
CREATE INDEX ix_absences_person_id ON absences (person_id);
CREATE INDEX ix_attachments_by_id ON attachments (by_id);
CREATE INDEX ix_attachments_of_id ON attachments (of_id);
CREATE INDEX ix_attachments_of_noun ON attachments (of_noun);
CREATE INDEX ix_attachments_sha256 ON attachments (sha256);
CREATE INDEX ix_cases_entered_by_id ON cases (entered_by_id);
CREATE INDEX ix_cases_opened_at ON cases (opened_at);
CREATE INDEX ix_cases_unit_id ON cases (unit_id);
CREATE INDEX ix_debriefs_leader_id ON debriefs (leader_id);
CREATE INDEX ix_debriefs_merged_into_id ON debriefs (merged_into_id);
CREATE INDEX ix_debriefs_reporter_id ON debriefs (reporter_id);
CREATE INDEX ix_debriefs_reviewer_id ON debriefs (reviewer_id);
CREATE INDEX ix_debriefs_state ON debriefs (state);
CREATE INDEX ix_debriefs_unit_id ON debriefs (unit_id);
CREATE INDEX ix_due_changes_noun ON due_changes (noun);
CREATE INDEX ix_due_changes_person_id ON due_changes (person_id);
CREATE INDEX ix_due_changes_record_id ON due_changes (record_id);
CREATE INDEX ix_duties_next ON duties (next_at) WHERE closed_at IS NULL AND next_at IS NOT NULL;
CREATE INDEX ix_duties_open_person ON duties (person_id, due_on) WHERE closed_at IS NULL;
CREATE INDEX ix_duties_open_role ON duties (role, unit_id, due_on) WHERE closed_at IS NULL;
CREATE INDEX ix_duties_record ON duties (of_noun, of_id);
CREATE INDEX ix_event_details_actor_id ON event_details (actor_id);
CREATE INDEX ix_event_details_behalf_id ON event_details (behalf_id);
CREATE INDEX ix_extensions_asked_by_id ON extensions (asked_by_id);
CREATE INDEX ix_extensions_decided_by_id ON extensions (decided_by_id);
CREATE INDEX ix_extensions_of_id ON extensions (of_id);
CREATE INDEX ix_extensions_of_noun ON extensions (of_noun);
CREATE INDEX ix_grants_person_id ON grants (person_id);
CREATE INDEX ix_grants_unit_id ON grants (unit_id);
CREATE INDEX ix_hands_person_id ON hands (person_id);
CREATE INDEX ix_invitations_person_id ON invitations (person_id);
CREATE INDEX ix_letters_due ON letters (next_at) WHERE state IN ('waiting','sending');
CREATE INDEX ix_letters_person_id ON letters (person_id);
CREATE INDEX ix_procedures_approver_id ON procedures (approver_id);
CREATE INDEX ix_procedures_owner_id ON procedures (owner_id);
CREATE INDEX ix_procedures_unit_id ON procedures (unit_id);
CREATE INDEX ix_sign_ins_person_id ON sign_ins (person_id);
CREATE INDEX ix_tokens_person_id ON tokens (person_id);
CREATE INDEX ix_debrief_people_person_id ON debrief_people (person_id);
CREATE INDEX ix_facts_debrief_id ON facts (debrief_id);
CREATE INDEX ix_findings_debrief_id ON findings (debrief_id);
CREATE INDEX ix_notices_duty_id ON notices (duty_id);
CREATE INDEX ix_notices_letter_id ON notices (letter_id);
CREATE INDEX ix_notices_untold ON notices (person_id) WHERE told_at IS NULL;
CREATE INDEX ix_revisions_approved_by_id ON revisions (approved_by_id);
CREATE INDEX ix_revisions_base_id ON revisions (base_id);
CREATE INDEX ix_revisions_editor_id ON revisions (editor_id);
CREATE INDEX ix_revisions_effective_on ON revisions (effective_on);
CREATE INDEX ix_revisions_money_approved_by_id ON revisions (money_approved_by_id);
CREATE INDEX ix_revisions_procedure_id ON revisions (procedure_id);
CREATE INDEX ix_revisions_state ON revisions (state);
CREATE INDEX ix_revisions_successor_id ON revisions (successor_id);
CREATE INDEX ix_revisions_unit_id ON revisions (unit_id);
CREATE INDEX ix_causes_finding_id ON causes (finding_id);
CREATE INDEX ix_causes_no_action_by_id ON causes (no_action_by_id);
CREATE INDEX ix_causes_parent_id ON causes (parent_id);
CREATE INDEX ix_lessons_accepted_by_id ON lessons (accepted_by_id);
CREATE INDEX ix_lessons_author_id ON lessons (author_id);
CREATE INDEX ix_lessons_debrief_id ON lessons (debrief_id);
CREATE INDEX ix_lessons_finding_id ON lessons (finding_id);
CREATE INDEX ix_lessons_interviewee_id ON lessons (interviewee_id);
CREATE INDEX ix_lessons_merged_into_id ON lessons (merged_into_id);
CREATE INDEX ix_lessons_owner_id ON lessons (owner_id);
CREATE INDEX ix_lessons_review_on ON lessons (review_on);
CREATE INDEX ix_lessons_risk_until ON lessons (risk_until);
CREATE INDEX ix_lessons_state ON lessons (state);
CREATE INDEX ix_lessons_successor_id ON lessons (successor_id);
CREATE INDEX ix_lessons_team_until ON lessons (team_until);
CREATE INDEX ix_lessons_unit_id ON lessons (unit_id);
CREATE INDEX ix_revision_editors_person_id ON revision_editors (person_id);
CREATE INDEX ix_actions_assigner_id ON actions (assigner_id);
CREATE INDEX ix_actions_confirmed_by_id ON actions (confirmed_by_id);
CREATE INDEX ix_actions_debrief_id ON actions (debrief_id);
CREATE INDEX ix_actions_due_on ON actions (due_on);
CREATE INDEX ix_actions_lesson_id ON actions (lesson_id);
CREATE INDEX ix_actions_owner_id ON actions (owner_id);
CREATE INDEX ix_actions_state ON actions (state);
CREATE INDEX ix_actions_unit_id ON actions (unit_id);
CREATE INDEX ix_actions_waiting_on_id ON actions (waiting_on_id);
CREATE INDEX ix_briefings_lesson_id ON briefings (lesson_id);
CREATE INDEX ix_briefings_opener_id ON briefings (opener_id);
CREATE INDEX ix_briefings_revision_id ON briefings (revision_id);
CREATE INDEX ix_briefings_state ON briefings (state);
CREATE INDEX ix_briefings_unit_id ON briefings (unit_id);
CREATE INDEX ix_case_links_lesson_id ON case_links (lesson_id);
CREATE INDEX ix_case_links_person_id ON case_links (person_id);
CREATE INDEX ix_lesson_topics_topic_id ON lesson_topics (topic_id);
CREATE INDEX ix_revision_lessons_lesson_id ON revision_lessons (lesson_id);
CREATE INDEX ix_verifications_concluded_by_id ON verifications (concluded_by_id);
CREATE INDEX ix_verifications_due_on ON verifications (due_on);
CREATE INDEX ix_verifications_lesson_id ON verifications (lesson_id);
CREATE INDEX ix_verifications_state ON verifications (state);
CREATE INDEX ix_verifications_unit_id ON verifications (unit_id);
CREATE INDEX ix_verifications_verifier_id ON verifications (verifier_id);
CREATE INDEX ix_word_changes_lesson_id ON word_changes (lesson_id);
CREATE INDEX ix_word_changes_person_id ON word_changes (person_id);
CREATE INDEX ix_action_causes_cause_id ON action_causes (cause_id);
CREATE INDEX ix_briefing_members_person_id ON briefing_members (person_id);
CREATE INDEX ix_evidence_action_id ON evidence (action_id);
CREATE INDEX ix_evidence_attachment_id ON evidence (attachment_id);
CREATE INDEX ix_evidence_by_id ON evidence (by_id);
CREATE INDEX ix_evidence_revision_id ON evidence (revision_id);
CREATE UNIQUE INDEX one_in_force ON revisions (procedure_id) WHERE state = 'effective';
CREATE UNIQUE INDEX one_open_draft ON revisions (procedure_id) WHERE state IN ('drafting', 'in_review', 'approved');
CREATE UNIQUE INDEX one_live_verification ON verifications (lesson_id, cycle) WHERE state IN ('planned', 'scheduled', 'due');
CREATE UNIQUE INDEX one_open_extension ON extensions (of_noun, of_id) WHERE state = 'asked';
CREATE INDEX hands_of_record ON hands (noun, record_id, relation);
CREATE TRIGGER events_keep_words BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER events_are_new BEFORE INSERT ON events WHEN EXISTS (
    SELECT 1 FROM events AS old WHERE old.id = NEW.id
    UNION ALL SELECT 1 FROM events AS old
    WHERE old.noun = NEW.noun AND old.record_id = NEW.record_id AND old.n = NEW.n
) BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER actions_keep_dates BEFORE UPDATE OF due_on ON actions WHEN 
    NEW.due_on IS DISTINCT FROM OLD.due_on AND NOT EXISTS (
        SELECT 1 FROM due_changes AS line
        WHERE line.noun = 'actions' AND line.record_id = NEW.id AND line.version = NEW.version
        AND line.new_due_on IS NOT DISTINCT FROM NEW.due_on
    )
 BEGIN SELECT RAISE(ABORT, 'a due date changes only with a line in its history of dates'); END;
CREATE TRIGGER debriefs_keep_dates BEFORE UPDATE OF due_on ON debriefs WHEN OLD.due_on IS NOT NULL AND
    NEW.due_on IS DISTINCT FROM OLD.due_on AND NOT EXISTS (
        SELECT 1 FROM due_changes AS line
        WHERE line.noun = 'debriefs' AND line.record_id = NEW.id AND line.version = NEW.version
        AND line.new_due_on IS NOT DISTINCT FROM NEW.due_on
    )
 BEGIN SELECT RAISE(ABORT, 'a due date changes only with a line in its history of dates'); END;
COMMIT;
