"""Groups of commands that name the nearest ones where a person's slip names none."""

from __future__ import annotations

import difflib

import click


class NearNames(click.Group):
    """A group whose error for an unknown command ends with those of nearly that name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not ctx.resilient_parsing and not name.startswith("-") and name not in (known := self.list_commands(ctx)):
            near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6)
            if near:
                ctx.fail(f"No such command {name!r}: did you mean {' or '.join(near)}?")
        return super().resolve_command(ctx, args)
