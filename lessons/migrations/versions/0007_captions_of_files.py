"""Captions of files"""

import sqlalchemy as sa
from alembic import op

revision = "0007_captions_of_files"
down_revision = "0006_saved_views"


def upgrade() -> None:
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("caption", sa.String(length=300), nullable=False, server_default=""))
