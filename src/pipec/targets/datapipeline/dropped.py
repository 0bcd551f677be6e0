"""Fields that no key of ours says, and why."""

from __future__ import annotations

from pipec.targets.datapipeline.rows.machines import ROLES

_OF_WORK = {
    "failureAndRerunMode": "failures go the way that the activities say",
    "maxActiveInstances": "the number of instances follows from that of the activities",
    "attemptTimeout": "it says nothing of what is no work",
    "lateAfterTimeout": "only work is late here",
    "onLateAction": "only work is late here",
}
_OF_PRECONDITIONS = _OF_WORK | {
    "maximumRetries": "a precondition that breaks is tried again as its object is",
    "onFail": "its object tells of it",
    "onSuccess": "its object tells of it",
    "role": "AWS Data Pipeline looks in this role; Airflow looks in that of its connection",
}
ONLY_THERE = "only AWS Data Pipeline has a use for it"
DROPPED: dict[str, dict[str, str]] = {
    "datanode": {
        **_OF_WORK,
        "dependsOn": "what reads data comes after what it depends on, and nothing reads this",
    },
    "resource": {
        **_OF_WORK,
        "scheduleType": "a machine does not ask when its work is due",
        "httpProxy": "a machine reaches its network as its `setup` says: set `http_proxy` there",
        "instanceCount": "it was always 1",
        "minInstanceCount": "it was always 1",
        "hadoopVersion": "the release says it",
        "installHive": "`applications` say it",
        "supportedProducts": "EMR has no such products any more",
        "keypair": "`keyPair` says it",
        "EbsBlockDeviceConfig": "the disks of the groups of nodes say it",
        "VolumeSpecification": "the disks of the groups of nodes say it",
        "logUri": "`logs` of the machine would say it; AWS Data Pipeline took no notice",
    },
    "precondition": _OF_PRECONDITIONS,
    "resource-support": {
        "*": "a machine reaches its network as its `setup` says: set `http_proxy` there",
    },
    "schedule": {"maxActiveInstances": "activities say it"},
}
"""By category."""


def why_dropped(type_: str, name: str, value: str) -> str:
    """Why a field is not carried over; empty when it is kept for the service."""
    from pipec.definition.catalogue import catalogue

    if name in ("role", "resourceRole") and value in ROLES:
        return "it is the role that AWS Data Pipeline makes itself"
    facts = catalogue().types.get(type_)
    category = facts.category if facts is not None else ""
    reasons = DROPPED.get(category, {})
    return reasons.get(name, "") or reasons.get("*", "")
