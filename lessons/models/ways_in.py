"""What lets a person in beside a password, and a sign-in that began and is not done."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import json, long_text, moment, ref


class Authenticator(SQLModel, table=True):
    """The secret of an app that makes codes, sealed by the installation's key. It counts once a code was typed; one
    that ended keeps no secret, and says who ended it."""

    __tablename__ = "authenticators"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = ref("persons", optional=False)
    sealed: str = Field(max_length=200)
    begun_at: datetime = moment(default=...)
    confirmed_at: datetime | None = moment()
    last_step: int = 0
    ended_at: datetime | None = moment()
    ended_by_id: int | None = ref("persons", index=False)


class RecoveryCode(SQLModel, table=True):
    """A code that stands in once for a lost authenticator; kept hashed."""

    __tablename__ = "recovery_codes"

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(max_length=64, unique=True)
    person_id: int = ref("persons", optional=False)
    used_at: datetime | None = moment()


class ProviderAccount(SQLModel, table=True):
    """A person's account at the organisation's provider, by what never changes there: (issuer, sub)."""

    __tablename__ = "provider_accounts"
    __table_args__ = (sa.UniqueConstraint("issuer", "sub"),)

    id: int | None = Field(default=None, primary_key=True)
    issuer: str = Field(max_length=300)
    sub: str = Field(max_length=255)
    person_id: int = ref("persons", optional=False)
    linked_at: datetime = moment(default=...)


class HalfSignIn(SQLModel, table=True):
    """Begun in one browser and good once, for minutes; its cookie's secret is kept hashed. `kind`: what is awaited;
    `said`: what has to fit then."""

    __tablename__ = "half_sign_ins"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    kind: str = Field(max_length=16)
    person_id: int | None = ref("persons")
    said: dict[str, str] = json()
    expires_at: datetime = moment(default=..., index=True)


class Passkey(SQLModel, table=True):
    """A device's key to this site: the public half, and how often it said it was used."""

    __tablename__ = "passkeys"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = ref("persons", optional=False)
    credential: str = Field(max_length=1400, unique=True)
    public_key: str = long_text(default=...)
    name: str = Field(max_length=80)
    sign_count: int = Field(default=0, sa_type=sa.BigInteger)
    made_at: datetime = moment(default=...)
    seen_at: datetime | None = moment()
