"""Rooms, chairs and machines that visits need, and a service's own hours. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None

RULES = "prefer-robust-stmts"
LIVE = "status IN ('held', 'pending', 'confirmed')"


def upgrade() -> None:
    op.create_table(
        "resource",
        _business(),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 500", name=op.f("ck_resource_count")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_resource_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_resource")),
        sa.UniqueConstraint("business_id", "file_id", name=op.f("uq_resource_business_id_file_id")),
        sa.UniqueConstraint("id", name=op.f("uq_resource_id")),
    )
    op.create_index(
        "uq_resource_offered",
        "resource",
        ["business_id", "name"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "resource_location",
        _business(),
        _number("resource_id"),
        _number("location_id"),
        *_of("resource_location", "resource", "location"),
        sa.PrimaryKeyConstraint("business_id", "resource_id", name=op.f("pk_resource_location")),
    )
    op.create_index(op.f("ix_resource_location_location_id"), "resource_location", ["location_id"])
    op.create_table(
        "service_resource",
        _business(),
        _number("service_id"),
        _number("resource_id"),
        *_of("service_resource", "service", "resource"),
        sa.PrimaryKeyConstraint("business_id", "service_id", "resource_id", name=op.f("pk_service_resource")),
    )
    op.create_index(op.f("ix_service_resource_resource_id"), "service_resource", ["resource_id"])
    _hours("resource")
    _hours("service")
    _run("ALTER TABLE booking ADD COLUMN units int8multirange NOT NULL DEFAULT '{}'")
    _run(
        "ALTER TABLE booking ADD CONSTRAINT ex_booking_unit EXCLUDE USING gist"
        f" (units WITH &&, specialist_id WITH <>, busy WITH &&) WHERE ({LIVE} AND NOT isempty(units))"
    )


def downgrade() -> None:
    _run("ALTER TABLE booking DROP CONSTRAINT ex_booking_unit")
    _run("ALTER TABLE booking DROP COLUMN units")
    for table in (*("service_hours", "resource_hours", "service_resource", "resource_location", "resource"),):
        op.drop_table(table)


def _business() -> sa.Column[int]:
    return sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _of(table: str, *others: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["business_id", f"{other}_id"],
            [f"{other}.business_id", f"{other}.id"],
            name=op.f(f"fk_{table}_business_id_{other}_id"),
            ondelete="CASCADE",
        )
        for other in others
    ]


def _hours(of: str) -> None:
    table = f"{of}_hours"
    op.create_table(
        table,
        _business(),
        _number(f"{of}_id"),
        sa.Column("weekday", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("minutes", INT4MULTIRANGE(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f(f"ck_{table}_weekday")),
        *_of(table, of),
        sa.PrimaryKeyConstraint("business_id", f"{of}_id", "weekday", name=op.f(f"pk_{table}")),
    )


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
