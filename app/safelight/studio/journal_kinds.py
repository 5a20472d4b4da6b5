"""The kinds of journal entries that are read again to decide something, or to tell what happened."""

from __future__ import annotations

CONSENT_RECORDED = "consent-recorded"
BUNDLE_EXPORTED = "bundle-exported"
PHOTO_ADDED = "photo-added"
PHOTO_ASSIGNED = "photo-assigned"
CONSENT_WITHDRAWN = "consent-withdrawn"
NOTICE_ISSUED = "notice-issued"
SUBJECT_CHANGED = "subject-changed"
LETTER_WRITTEN = "letter-written"
KEEPING_ANNOUNCED = "keeping-announced"
READ = "read"
ACCESS_GIVEN = "access-given"
