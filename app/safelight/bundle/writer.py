"""Writes a bundle in two passes: photos are prepared and sealed away in pieces, then everything is encrypted in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safelight.domain.progress import Report, silent
from safelight.keys.signing import SigningKey

from .plan import BundlePlan, WrittenBundle


def write_bundle(
    plan: BundlePlan, destination: Path, *, recipients: Sequence[str], signer: SigningKey, report: Report = silent
) -> WrittenBundle:
    """Write ``plan`` as one encrypted file at ``destination`` and sign its manifest with ``signer``.

    ``recipients`` are age recipients and include ``plan.manifest.recipient.id``. ``destination`` appears complete and
    durable or not at all. The folder needs room for the bundle twice while it is written. Raises
    :class:`WrongUsage` or :class:`Malformed` for a plan that makes no sense, :class:`DeviceFailure` for a full disk,
    and whatever ``prepare`` or ``report`` raises.
    """
    ...
