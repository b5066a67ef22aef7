"""Captions of files"""

import sqlalchemy as sa
from alembic import op

revision = "0008_captions_of_files"
down_revision = "0007_first_visits"


def upgrade() -> None:
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("caption", sa.String(length=300), nullable=False, server_default=""))
