"""The tables as they first landed, as models and rules described them."""
# ruff: noqa: E501, PLR0915  as long as the tables are

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_schema"
down_revision = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_attempts")),
    )
    op.create_table(
        "counters",
        sa.Column("noun", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("noun", "year", name=op.f("pk_counters")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trigger", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=False),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("noun", "record_id", "n", name=op.f("uq_events_noun_record_id_n")),
    )
    op.create_index("ix_events_feed", "events", ["tx", "id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("location", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("key", name=op.f("uq_topics_key")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("small", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("calendar", JSON, nullable=False),
        sa.Column("policy", JSON, nullable=False),
        sa.Column("fallback_person_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fallback_person_id"], ["persons.id"], name=op.f("fk_units_fallback_person_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name=op.f("fk_units_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_index(op.f("ix_units_fallback_person_id"), "units", ["fallback_person_id"], unique=False)
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_index(op.f("ix_units_successor_id"), "units", ["successor_id"], unique=False)
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("function_en", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["persons.id"], name=op.f("fk_persons_manager_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_persons_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("email", name=op.f("uq_persons_email")),
        sa.UniqueConstraint("number", name=op.f("uq_persons_number")),
        sa.UniqueConstraint("pid", name=op.f("uq_persons_pid")),
    )
    op.create_index(op.f("ix_persons_manager_id"), "persons", ["manager_id"], unique=False)
    op.create_index(op.f("ix_persons_unit_id"), "persons", ["unit_id"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["delegate_id"], ["persons.id"], name=op.f("fk_absences_delegate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("pid", name=op.f("uq_absences_pid")),
    )
    op.create_index(op.f("ix_absences_delegate_id"), "absences", ["delegate_id"], unique=False)
    op.create_index(op.f("ix_absences_person_id"), "absences", ["person_id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of_noun", sa.String(length=16), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_attachments_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("pid", name=op.f("uq_attachments_pid")),
    )
    op.create_index(op.f("ix_attachments_by_id"), "attachments", ["by_id"], unique=False)
    op.create_index(op.f("ix_attachments_of_id"), "attachments", ["of_id"], unique=False)
    op.create_index(op.f("ix_attachments_of_noun"), "attachments", ["of_noun"], unique=False)
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=300), nullable=False),
        sa.Column("customer_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["entered_by_id"], ["persons.id"], name=op.f("fk_cases_entered_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("external_id", name=op.f("uq_cases_external_id")),
        sa.UniqueConstraint("pid", name=op.f("uq_cases_pid")),
    )
    op.create_index(op.f("ix_cases_entered_by_id"), "cases", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"], unique=False)
    op.create_index(op.f("ix_cases_unit_id"), "cases", ["unit_id"], unique=False)
    op.create_table(
        "debriefs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("path", sa.String(length=24), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("concerns_managers", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("what_happened", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("source_ref", sa.String(length=300), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("actual", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("differently", sa.Text(), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=True),
        sa.Column("why_it_worked", sa.Text(), nullable=False),
        sa.Column("elsewhere", sa.Text(), nullable=False),
        sa.Column("names_answered", JSON, nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("tracking_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint("direction IN ('do', 'dont', 'keep')", name=op.f("ck_debriefs_direction")),
        sa.CheckConstraint(
            "kind IN ('failure', 'success', 'near_miss', 'routine', 'interview')", name=op.f("ck_debriefs_debriefkind")
        ),
        sa.CheckConstraint("path IN ('full', 'quick')", name=op.f("ck_debriefs_path")),
        sa.CheckConstraint(
            "state IN ('reported', 'investigating', 'in_review', 'issued', 'closed', 'declined', 'merged')",
            name=op.f("ck_debriefs_debriefstate"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_debriefs_severity_of_four")),
        sa.ForeignKeyConstraint(["leader_id"], ["persons.id"], name=op.f("fk_debriefs_leader_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["debriefs.id"], name=op.f("fk_debriefs_merged_into_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["persons.id"], name=op.f("fk_debriefs_reporter_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["persons.id"], name=op.f("fk_debriefs_reviewer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_debriefs_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debriefs")),
        sa.UniqueConstraint("code", name=op.f("uq_debriefs_code")),
        sa.UniqueConstraint("tracking_hash", name=op.f("uq_debriefs_tracking_hash")),
    )
    op.create_index(op.f("ix_debriefs_leader_id"), "debriefs", ["leader_id"], unique=False)
    op.create_index(op.f("ix_debriefs_merged_into_id"), "debriefs", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_debriefs_reporter_id"), "debriefs", ["reporter_id"], unique=False)
    op.create_index(op.f("ix_debriefs_reviewer_id"), "debriefs", ["reviewer_id"], unique=False)
    op.create_index(op.f("ix_debriefs_state"), "debriefs", ["state"], unique=False)
    op.create_index(op.f("ix_debriefs_unit_id"), "debriefs", ["unit_id"], unique=False)
    op.create_table(
        "due_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_due_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_changes")),
    )
    op.create_index(op.f("ix_due_changes_noun"), "due_changes", ["noun"], unique=False)
    op.create_index(op.f("ix_due_changes_person_id"), "due_changes", ["person_id"], unique=False)
    op.create_index(op.f("ix_due_changes_record_id"), "due_changes", ["record_id"], unique=False)
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("of_noun", sa.String(length=16), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("of_code", sa.String(length=24), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("excluding", JSON, nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_how", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "role IN ('agent', 'debrief_leader', 'lessons_manager', 'manager', 'editor', 'finance', 'auditor', 'admin')",
            name=op.f("ck_duties_role"),
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name=op.f("ck_duties_one_holder")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_duties_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_duties_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("pid", name=op.f("uq_duties_pid")),
    )
    op.create_index(
        "ix_duties_next",
        "duties",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_duties_open_person",
        "duties",
        ["person_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_duties_open_role",
        "duties",
        ["role", "unit_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_duties_record", "duties", ["of_noun", "of_id"], unique=False)
    op.create_table(
        "event_details",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("behalf_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("private", JSON, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name=op.f("fk_event_details_actor_id")),
        sa.ForeignKeyConstraint(["behalf_id"], ["persons.id"], name=op.f("fk_event_details_behalf_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_details_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_details")),
    )
    op.create_index(op.f("ix_event_details_actor_id"), "event_details", ["actor_id"], unique=False)
    op.create_index(op.f("ix_event_details_behalf_id"), "event_details", ["behalf_id"], unique=False)
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of_noun", sa.String(length=16), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'denied', 'lapsed')", name=op.f("ck_extensions_extensionstate")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["persons.id"], name=op.f("fk_extensions_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["persons.id"], name=op.f("fk_extensions_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
        sa.UniqueConstraint("pid", name=op.f("uq_extensions_pid")),
    )
    op.create_index(op.f("ix_extensions_asked_by_id"), "extensions", ["asked_by_id"], unique=False)
    op.create_index(op.f("ix_extensions_decided_by_id"), "extensions", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_extensions_of_id"), "extensions", ["of_id"], unique=False)
    op.create_index(op.f("ix_extensions_of_noun"), "extensions", ["of_noun"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('agent', 'debrief_leader', 'lessons_manager', 'manager', 'editor', 'finance', 'auditor', 'admin')",
            name=op.f("ck_grants_role"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_grants_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_grants_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_person_id"), "grants", ["person_id"], unique=False)
    op.create_index(op.f("ix_grants_unit_id"), "grants", ["unit_id"], unique=False)
    op.create_table(
        "hands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_hands_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hands")),
    )
    op.create_index(op.f("ix_hands_person_id"), "hands", ["person_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_invitations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"], unique=False)
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("to_address", sa.String(length=255), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("thread", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')", name=op.f("ck_letters_letterstate")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_letters_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("key", name=op.f("uq_letters_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
        sa.UniqueConstraint("pid", name=op.f("uq_letters_pid")),
    )
    op.create_index(
        "ix_letters_due",
        "letters",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting','sending')"),
        postgresql_where=sa.text("state IN ('waiting','sending')"),
    )
    op.create_index(op.f("ix_letters_person_id"), "letters", ["person_id"], unique=False)
    op.create_table(
        "procedures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("policy_kind", sa.String(length=24), nullable=False),
        sa.Column("regulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "policy_kind IN ('procedure', 'service', 'compensation')", name=op.f("ck_procedures_policykind")
        ),
        sa.CheckConstraint("state IN ('kept')", name=op.f("ck_procedures_procedurestate")),
        sa.ForeignKeyConstraint(["approver_id"], ["persons.id"], name=op.f("fk_procedures_approver_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_procedures_owner_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_procedures_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures")),
        sa.UniqueConstraint("code", name=op.f("uq_procedures_code")),
    )
    op.create_index(op.f("ix_procedures_approver_id"), "procedures", ["approver_id"], unique=False)
    op.create_index(op.f("ix_procedures_owner_id"), "procedures", ["owner_id"], unique=False)
    op.create_index(op.f("ix_procedures_unit_id"), "procedures", ["unit_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"], unique=False)
    op.create_table(
        "debrief_people",
        sa.Column("debrief_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["debrief_id"], ["debriefs.id"], name=op.f("fk_debrief_people_debrief_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_debrief_people_person_id")),
        sa.PrimaryKeyConstraint("debrief_id", "person_id", "part", name=op.f("pk_debrief_people")),
    )
    op.create_index(op.f("ix_debrief_people_person_id"), "debrief_people", ["person_id"], unique=False)
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("debrief_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["debrief_id"], ["debriefs.id"], name=op.f("fk_facts_debrief_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint("pid", name=op.f("uq_facts_pid")),
    )
    op.create_index(op.f("ix_facts_debrief_id"), "facts", ["debrief_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("debrief_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("no_lesson_because", sa.Text(), nullable=False),
        sa.CheckConstraint("direction IN ('improve', 'sustain')", name=op.f("ck_findings_findingdirection")),
        sa.ForeignKeyConstraint(["debrief_id"], ["debriefs.id"], name=op.f("fk_findings_debrief_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("pid", name=op.f("uq_findings_pid")),
    )
    op.create_index(op.f("ix_findings_debrief_id"), "findings", ["debrief_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("of_noun", sa.String(length=16), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("of_code", sa.String(length=24), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_notices_duty_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_notices_letter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "duty_id", "due_on", "rung", "person_id", name=op.f("uq_notices_duty_id_due_on_rung_person_id")
        ),
    )
    op.create_index(op.f("ix_notices_duty_id"), "notices", ["duty_id"], unique=False)
    op.create_index(op.f("ix_notices_letter_id"), "notices", ["letter_id"], unique=False)
    op.create_index(
        "ix_notices_untold",
        "notices",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sections", JSON, nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("money_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("money_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("reading_due_on", sa.Date(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('drafting', 'in_review', 'approved', 'effective', 'superseded', 'withdrawn', 'cancelled')",
            name=op.f("ck_revisions_revisionstate"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["persons.id"], name=op.f("fk_revisions_approved_by_id")),
        sa.ForeignKeyConstraint(["base_id"], ["revisions.id"], name=op.f("fk_revisions_base_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["persons.id"], name=op.f("fk_revisions_editor_id")),
        sa.ForeignKeyConstraint(
            ["money_approved_by_id"], ["persons.id"], name=op.f("fk_revisions_money_approved_by_id")
        ),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_revisions_procedure_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["procedures.id"], name=op.f("fk_revisions_successor_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_revisions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("code", name=op.f("uq_revisions_code")),
    )
    op.create_index(op.f("ix_revisions_approved_by_id"), "revisions", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_revisions_base_id"), "revisions", ["base_id"], unique=False)
    op.create_index(op.f("ix_revisions_editor_id"), "revisions", ["editor_id"], unique=False)
    op.create_index(op.f("ix_revisions_effective_on"), "revisions", ["effective_on"], unique=False)
    op.create_index(op.f("ix_revisions_money_approved_by_id"), "revisions", ["money_approved_by_id"], unique=False)
    op.create_index(op.f("ix_revisions_procedure_id"), "revisions", ["procedure_id"], unique=False)
    op.create_index(op.f("ix_revisions_state"), "revisions", ["state"], unique=False)
    op.create_index(op.f("ix_revisions_successor_id"), "revisions", ["successor_id"], unique=False)
    op.create_index(op.f("ix_revisions_unit_id"), "revisions", ["unit_id"], unique=False)
    op.create_table(
        "causes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("root", sa.Boolean(), nullable=False),
        sa.Column("no_action_reason", sa.Text(), nullable=False),
        sa.Column("no_action_by_id", sa.Integer(), nullable=True),
        sa.Column("no_action_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('system', 'human', 'technical', 'information')", name=op.f("ck_causes_causekind")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_causes_finding_id")),
        sa.ForeignKeyConstraint(["no_action_by_id"], ["persons.id"], name=op.f("fk_causes_no_action_by_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["causes.id"], name=op.f("fk_causes_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_causes")),
        sa.UniqueConstraint("pid", name=op.f("uq_causes_pid")),
    )
    op.create_index(op.f("ix_causes_finding_id"), "causes", ["finding_id"], unique=False)
    op.create_index(op.f("ix_causes_no_action_by_id"), "causes", ["no_action_by_id"], unique=False)
    op.create_index(op.f("ix_causes_parent_id"), "causes", ["parent_id"], unique=False)
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("debrief_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=True),
        sa.Column("applies_when", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("say", sa.Text(), nullable=False),
        sa.Column("avoid_saying", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("transfer_to", sa.Text(), nullable=False),
        sa.Column("exceptions", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("meanwhile", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("interviewee_id", sa.Integer(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("edition_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("risk_until", sa.Date(), nullable=True),
        sa.Column("risk_reason", sa.Text(), nullable=False),
        sa.Column("risk_expired", sa.Boolean(), nullable=False),
        sa.Column("team_until", sa.Date(), nullable=True),
        sa.Column("renewed", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("short", sa.String(length=12), nullable=False),
        sa.CheckConstraint("direction IN ('do', 'dont', 'keep')", name=op.f("ck_lessons_direction")),
        sa.CheckConstraint(
            "state <> 'risk_accepted' OR risk_until IS NOT NULL", name=op.f("ck_lessons_risk_until_when")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'accepted', 'implementing', 'watching', 'verified', 'due_for_review', 'rejected', 'merged', 'risk_accepted', 'retired')",
            name=op.f("ck_lessons_lessonstate"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_lessons_severity_of_four")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["persons.id"], name=op.f("fk_lessons_accepted_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_lessons_author_id")),
        sa.ForeignKeyConstraint(["debrief_id"], ["debriefs.id"], name=op.f("fk_lessons_debrief_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_lessons_finding_id")),
        sa.ForeignKeyConstraint(["interviewee_id"], ["persons.id"], name=op.f("fk_lessons_interviewee_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["lessons.id"], name=op.f("fk_lessons_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_lessons_owner_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["lessons.id"], name=op.f("fk_lessons_successor_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_lessons_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("code", name=op.f("uq_lessons_code")),
        sa.UniqueConstraint("short", name=op.f("uq_lessons_short")),
    )
    op.create_index(op.f("ix_lessons_accepted_by_id"), "lessons", ["accepted_by_id"], unique=False)
    op.create_index(op.f("ix_lessons_author_id"), "lessons", ["author_id"], unique=False)
    op.create_index(op.f("ix_lessons_debrief_id"), "lessons", ["debrief_id"], unique=False)
    op.create_index(op.f("ix_lessons_finding_id"), "lessons", ["finding_id"], unique=False)
    op.create_index(op.f("ix_lessons_interviewee_id"), "lessons", ["interviewee_id"], unique=False)
    op.create_index(op.f("ix_lessons_merged_into_id"), "lessons", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_lessons_owner_id"), "lessons", ["owner_id"], unique=False)
    op.create_index(op.f("ix_lessons_review_on"), "lessons", ["review_on"], unique=False)
    op.create_index(op.f("ix_lessons_risk_until"), "lessons", ["risk_until"], unique=False)
    op.create_index(op.f("ix_lessons_state"), "lessons", ["state"], unique=False)
    op.create_index(op.f("ix_lessons_successor_id"), "lessons", ["successor_id"], unique=False)
    op.create_index(op.f("ix_lessons_team_until"), "lessons", ["team_until"], unique=False)
    op.create_index(op.f("ix_lessons_unit_id"), "lessons", ["unit_id"], unique=False)
    op.create_table(
        "revision_editors",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_revision_editors_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_revision_editors_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "person_id", name=op.f("pk_revision_editors")),
    )
    op.create_index(op.f("ix_revision_editors_person_id"), "revision_editors", ["person_id"], unique=False)
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("debrief_id", sa.Integer(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_when", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("assigner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("block_reason", sa.Text(), nullable=False),
        sa.Column("waiting_on_id", sa.Integer(), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('corrective', 'preventive', 'sustaining', 'replicating')", name=op.f("ck_actions_actionkind")
        ),
        sa.CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_actions_confirmed_when")),
        sa.CheckConstraint(
            "state IN ('assigned', 'in_progress', 'done', 'confirmed', 'blocked', 'declined', 'cancelled')",
            name=op.f("ck_actions_actionstate"),
        ),
        sa.CheckConstraint(
            "lesson_id IS NOT NULL OR debrief_id IS NOT NULL", name=op.f("ck_actions_of_lesson_or_debrief")
        ),
        sa.ForeignKeyConstraint(["assigner_id"], ["persons.id"], name=op.f("fk_actions_assigner_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["persons.id"], name=op.f("fk_actions_confirmed_by_id")),
        sa.ForeignKeyConstraint(["debrief_id"], ["debriefs.id"], name=op.f("fk_actions_debrief_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_actions_lesson_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_actions_owner_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_actions_unit_id")),
        sa.ForeignKeyConstraint(["waiting_on_id"], ["persons.id"], name=op.f("fk_actions_waiting_on_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("code", name=op.f("uq_actions_code")),
    )
    op.create_index(op.f("ix_actions_assigner_id"), "actions", ["assigner_id"], unique=False)
    op.create_index(op.f("ix_actions_confirmed_by_id"), "actions", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_actions_debrief_id"), "actions", ["debrief_id"], unique=False)
    op.create_index(op.f("ix_actions_due_on"), "actions", ["due_on"], unique=False)
    op.create_index(op.f("ix_actions_lesson_id"), "actions", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_actions_owner_id"), "actions", ["owner_id"], unique=False)
    op.create_index(op.f("ix_actions_state"), "actions", ["state"], unique=False)
    op.create_index(op.f("ix_actions_unit_id"), "actions", ["unit_id"], unique=False)
    op.create_index(op.f("ix_actions_waiting_on_id"), "actions", ["waiting_on_id"], unique=False)
    op.create_table(
        "briefings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("subject_edition", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=True),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("check", JSON, nullable=True),
        sa.Column("opener_id", sa.Integer(), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("unreached", sa.Boolean(), nullable=False),
        sa.Column("decision_owed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f("ck_briefings_briefingstate")),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_briefings_share_of_people")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_briefings_lesson_id")),
        sa.ForeignKeyConstraint(["opener_id"], ["persons.id"], name=op.f("fk_briefings_opener_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_briefings_revision_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_briefings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefings")),
        sa.UniqueConstraint("code", name=op.f("uq_briefings_code")),
    )
    op.create_index(op.f("ix_briefings_lesson_id"), "briefings", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_briefings_opener_id"), "briefings", ["opener_id"], unique=False)
    op.create_index(op.f("ix_briefings_revision_id"), "briefings", ["revision_id"], unique=False)
    op.create_index(op.f("ix_briefings_state"), "briefings", ["state"], unique=False)
    op.create_index(op.f("ix_briefings_unit_id"), "briefings", ["unit_id"], unique=False)
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_case_links_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_case_links_person_id")),
        sa.PrimaryKeyConstraint("case_id", "lesson_id", name=op.f("pk_case_links")),
    )
    op.create_index(op.f("ix_case_links_lesson_id"), "case_links", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_case_links_person_id"), "case_links", ["person_id"], unique=False)
    op.create_table(
        "lesson_topics",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_topics_lesson_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_lesson_topics_topic_id")),
        sa.PrimaryKeyConstraint("lesson_id", "topic_id", name=op.f("pk_lesson_topics")),
    )
    op.create_index(op.f("ix_lesson_topics_topic_id"), "lesson_topics", ["topic_id"], unique=False)
    op.create_table(
        "revision_lessons",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_revision_lessons_lesson_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_revision_lessons_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "lesson_id", name=op.f("pk_revision_lessons")),
    )
    op.create_index(op.f("ix_revision_lessons_lesson_id"), "revision_lessons", ["lesson_id"], unique=False)
    op.create_table(
        "similar_answers",
        sa.Column("debrief_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=24), nullable=False),
        sa.CheckConstraint("choice IN ('same', 'related', 'different')", name=op.f("ck_similar_answers_similarity")),
        sa.ForeignKeyConstraint(["debrief_id"], ["debriefs.id"], name=op.f("fk_similar_answers_debrief_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_similar_answers_lesson_id")),
        sa.PrimaryKeyConstraint("debrief_id", "lesson_id", name=op.f("pk_similar_answers")),
    )
    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("preset", sa.String(length=24), nullable=True),
        sa.Column("method", sa.String(length=300), nullable=False),
        sa.Column("measure", sa.String(length=300), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("baseline_unknown", sa.Text(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("watch_days", sa.Integer(), nullable=False),
        sa.Column("verifier_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("measured", sa.Float(), nullable=True),
        sa.Column("sample", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("attached", JSON, nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "preset IN ('did_not_come_back', 'floor_says', 'sample', 'before_after')",
            name=op.f("ck_verifications_preset"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'scheduled', 'due', 'effective', 'not_effective', 'inconclusive', 'void')",
            name=op.f("ck_verifications_verificationstate"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('effective', 'not_effective', 'inconclusive') OR concluded_at IS NOT NULL",
            name=op.f("ck_verifications_concluded_when"),
        ),
        sa.ForeignKeyConstraint(["concluded_by_id"], ["persons.id"], name=op.f("fk_verifications_concluded_by_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_verifications_lesson_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_verifications_unit_id")),
        sa.ForeignKeyConstraint(["verifier_id"], ["persons.id"], name=op.f("fk_verifications_verifier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
        sa.UniqueConstraint("code", name=op.f("uq_verifications_code")),
    )
    op.create_index(op.f("ix_verifications_concluded_by_id"), "verifications", ["concluded_by_id"], unique=False)
    op.create_index(op.f("ix_verifications_due_on"), "verifications", ["due_on"], unique=False)
    op.create_index(op.f("ix_verifications_lesson_id"), "verifications", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_verifications_state"), "verifications", ["state"], unique=False)
    op.create_index(op.f("ix_verifications_unit_id"), "verifications", ["unit_id"], unique=False)
    op.create_index(op.f("ix_verifications_verifier_id"), "verifications", ["verifier_id"], unique=False)
    op.create_table(
        "word_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_word_changes_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_word_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_changes")),
    )
    op.create_index(op.f("ix_word_changes_lesson_id"), "word_changes", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_word_changes_person_id"), "word_changes", ["person_id"], unique=False)
    op.create_table(
        "action_causes",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_action_causes_action_id")),
        sa.ForeignKeyConstraint(["cause_id"], ["causes.id"], name=op.f("fk_action_causes_cause_id")),
        sa.PrimaryKeyConstraint("action_id", "cause_id", name=op.f("pk_action_causes")),
    )
    op.create_index(op.f("ix_action_causes_cause_id"), "action_causes", ["cause_id"], unique=False)
    op.create_table(
        "briefing_members",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefings.id"], name=op.f("fk_briefing_members_briefing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_briefing_members_person_id")),
        sa.PrimaryKeyConstraint("briefing_id", "person_id", name=op.f("pk_briefing_members")),
    )
    op.create_index(op.f("ix_briefing_members_person_id"), "briefing_members", ["person_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('link', 'file', 'revision', 'note')", name=op.f("ck_evidence_evidencekind")),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_evidence_action_id")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_evidence_attachment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_evidence_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_evidence_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("pid", name=op.f("uq_evidence_pid")),
    )
    op.create_index(op.f("ix_evidence_action_id"), "evidence", ["action_id"], unique=False)
    op.create_index(op.f("ix_evidence_attachment_id"), "evidence", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_evidence_by_id"), "evidence", ["by_id"], unique=False)
    op.create_index(op.f("ix_evidence_revision_id"), "evidence", ["revision_id"], unique=False)
    if op.get_context().dialect.name == "postgresql":
        op.create_foreign_key("fk_units_fallback_person_id", "units", "persons", ["fallback_person_id"], ["id"])
