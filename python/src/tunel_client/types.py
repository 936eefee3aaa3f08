"""The types of what the engine answers."""

# Made from the contract by build/sdk/write-python.mjs.
from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, TypedDict, Union


ErrorCode = Literal["cancelled", "bad-input", "body-invalid", "body-too-large", "not-found", "conflict", "key-reused", "timeout", "internal", "engine-down", "engine-stopped", "engine-running", "version-mismatch", "token-invalid", "token-expired", "token-revoked", "scope-missing", "api-disabled", "consent-needed", "consent-denied", "token-limit", "too-many-open", "client-too-slow", "api-forbidden", "storage", "storage-full", "storage-quota", "storage-read-only", "storage-denied", "storage-removed", "keychain", "file-changed", "range-invalid", "host-unknown", "connection-refused", "connection-lost", "not-ssh", "host-key-changed", "host-key-refused", "host-key-revoked", "known-hosts-unreadable", "key-unreadable", "auth-failed", "auth-unsupported", "password-expired", "sign-in-needed", "forwarding-denied", "channel-refused", "command-failed", "command-missing", "no-space", "read-only", "not-permitted", "queue-unknown", "account-invalid", "limit-exceeded", "submit-failed", "job-failed", "not-ready", "path-too-long", "no-route", "job-held", "state-unknown", "image-missing", "runtime-failed", "site-invalid", "recipe-invalid", "template-invalid"]


InstanceState = Literal["starting", "waiting", "ready", "running", "reconnecting", "stopping", "interrupted", "ended", "failed"]


JobState = Literal["new", "submitting", "queued", "held", "active", "completed", "failed", "canceled"]


ClusterFactsLaunchersItemQueuesItemAccessAccounts = TypedDict("ClusterFactsLaunchersItemQueuesItemAccessAccounts", {"only": "Optional[List[str]]", "not": "List[str]"})


ClusterFactsLaunchersItemQueuesItemAccessQos = TypedDict("ClusterFactsLaunchersItemQueuesItemAccessQos", {"only": "Optional[List[str]]", "not": "List[str]"})


class ClusterFactsLaunchersItemQueuesItemAccess(TypedDict):
    accounts: ClusterFactsLaunchersItemQueuesItemAccessAccounts
    qos: ClusterFactsLaunchersItemQueuesItemAccessQos
    refusedAs: Optional[Literal["user", "group", "closed"]]


class _ClusterFactsLaunchersItemQueuesItem(TypedDict):
    name: str
    isDefault: bool
    state: str
    maxSeconds: Optional[float]
    defaultSeconds: Optional[float]
    cpusPerNode: Optional[float]
    memoryPerNode: Optional[float]
    gpusPerNode: Optional[float]
    gpuTypes: List[str]
    nodes: Optional[float]
    cpusTotal: Optional[float]
    cpusFree: Optional[float]


class ClusterFactsLaunchersItemQueuesItem(_ClusterFactsLaunchersItemQueuesItem, total=False):
    description: str
    access: ClusterFactsLaunchersItemQueuesItemAccess


class ClusterFactsLaunchersItemAssociationsItem(TypedDict):
    account: str
    queue: str
    qos: Optional[List[str]]


class ClusterFactsLaunchersItemPoolLargest(TypedDict):
    cpus: float
    memory: float
    gpus: float


class ClusterFactsLaunchersItemPool(TypedDict):
    machines: float
    cpusTotal: float
    cpusFree: float
    largest: ClusterFactsLaunchersItemPoolLargest


class _ClusterFactsLaunchersItem(TypedDict):
    name: Literal["login", "slurm", "htcondor", "gridengine", "pbs", "lsf"]
    version: str
    queues: List[ClusterFactsLaunchersItemQueuesItem]
    accounts: List[str]
    qos: List[str]


class ClusterFactsLaunchersItem(_ClusterFactsLaunchersItem, total=False):
    associations: List[ClusterFactsLaunchersItemAssociationsItem]
    pool: ClusterFactsLaunchersItemPool


class ClusterFactsRuntimesItem(TypedDict):
    name: Literal["native", "apptainer", "podman", "docker"]
    version: str
    program: str


class ClusterFacts(TypedDict):
    loginNode: str
    home: str
    homeFree: Optional[float]
    homeTotal: Optional[float]
    launchers: List[ClusterFactsLaunchersItem]
    runtimes: List[ClusterFactsRuntimesItem]
    modules: List[str]
    loginVariables: Optional[Dict[str, str]]
    readAt: float


class ClusterSummary(TypedDict):
    id: str
    name: str
    host: str
    user: str
    state: Literal["disconnected", "connecting", "asking", "connected", "reconnecting", "sign-in-needed", "unreachable", "key-changed"]


class EngineStatusLoopbackErrorActionCopyCommand(TypedDict):
    kind: Literal["copy-command"]
    text: str


class EngineStatusLoopbackErrorActionOpenTerminal(TypedDict):
    kind: Literal["open-terminal"]


class EngineStatusLoopbackErrorErrorsItem(TypedDict):
    field: str
    code: str
    message: str


class _EngineStatusLoopbackError(TypedDict):
    code: Literal["cancelled", "bad-input", "body-invalid", "body-too-large", "not-found", "conflict", "key-reused", "timeout", "internal", "engine-down", "engine-stopped", "engine-running", "version-mismatch", "token-invalid", "token-expired", "token-revoked", "scope-missing", "api-disabled", "consent-needed", "consent-denied", "token-limit", "too-many-open", "client-too-slow", "api-forbidden", "storage", "storage-full", "storage-quota", "storage-read-only", "storage-denied", "storage-removed", "keychain", "file-changed", "range-invalid", "host-unknown", "connection-refused", "connection-lost", "not-ssh", "host-key-changed", "host-key-refused", "host-key-revoked", "known-hosts-unreadable", "key-unreadable", "auth-failed", "auth-unsupported", "password-expired", "sign-in-needed", "forwarding-denied", "channel-refused", "command-failed", "command-missing", "no-space", "read-only", "not-permitted", "queue-unknown", "account-invalid", "limit-exceeded", "submit-failed", "job-failed", "not-ready", "path-too-long", "no-route", "job-held", "state-unknown", "image-missing", "runtime-failed", "site-invalid", "recipe-invalid", "template-invalid"]
    message: str


class EngineStatusLoopbackError(_EngineStatusLoopbackError, total=False):
    hint: str
    detail: str
    messageId: str
    hintId: str
    values: Dict[str, Union[str, float]]
    hintValues: Dict[str, Union[str, float]]
    action: Union[EngineStatusLoopbackErrorActionCopyCommand, EngineStatusLoopbackErrorActionOpenTerminal]
    errors: List[EngineStatusLoopbackErrorErrorsItem]


class EngineStatusLoopback(TypedDict):
    port: Optional[int]
    error: Optional[EngineStatusLoopbackError]


class EngineStatus(TypedDict):
    version: str
    host: Literal["app", "background", "command"]
    pid: int
    startedAt: float
    clients: int
    connections: List[str]
    liveInstances: int
    streams: int
    loopback: Optional[EngineStatusLoopback]


class FieldError(TypedDict):
    field: str
    code: str
    message: str


class FileEntry(TypedDict):
    name: str
    kind: Literal["folder", "file", "other"]
    link: bool
    size: Optional[float]
    modified: Optional[float]
    mode: Optional[int]
    owner: Optional[str]
    target: Optional[str]


class FileInfo(TypedDict):
    path: str
    kind: Literal["folder", "file", "other"]
    link: bool
    size: Optional[float]
    modified: Optional[float]
    mode: Optional[int]
    version: Optional[str]


class FileList(TypedDict):
    path: str
    entries: List[FileEntry]
    truncated: bool


class FilePlace(TypedDict):
    name: str
    path: str


class InstanceStepsItem(TypedDict):
    name: Literal["connect", "upload", "image", "submit", "queue", "start", "tunnel", "ready"]
    state: Literal["todo", "now", "done", "failed"]
    startedAt: Optional[float]
    endedAt: Optional[float]


class InstanceProgress(TypedDict):
    fraction: Optional[float]
    text: str


class InstanceJobTasks(TypedDict):
    pending: float
    running: float
    completed: float
    failed: float


class InstanceJob(TypedDict):
    id: str
    state: Literal["pending", "running", "held", "completed", "failed", "cancelled", "timeout", "out-of-memory", "node-fail", "preempted", "unknown"]
    nativeState: str
    reason: str
    nativeReason: str
    node: str
    queue: str
    submittedAt: Optional[float]
    startsAt: Optional[float]
    startedAt: Optional[float]
    endedAt: Optional[float]
    endsAt: Optional[float]
    exitCode: Optional[float]
    signal: Optional[float]
    heldBy: Literal["", "user", "system"]
    tasks: Optional[InstanceJobTasks]


class InstanceEndpointSocket(TypedDict):
    kind: Literal["socket"]
    node: str
    path: str


class InstanceEndpointPort(TypedDict):
    kind: Literal["port"]
    node: str
    port: int


class InstanceRouteRefusedItem(TypedDict):
    kind: Literal["socket", "node", "relay", "port"]
    reason: str


class InstanceRoute(TypedDict):
    kind: Literal["socket", "node", "relay", "port"]
    text: str
    refused: List[InstanceRouteRefusedItem]
    warning: Optional[str]


class InstanceExposure(TypedDict):
    level: Literal["only-you", "group", "node", "cluster", "unknown"]
    text: str
    evidence: List[str]
    checkedAt: float


class InstanceErrorActionCopyCommand(TypedDict):
    kind: Literal["copy-command"]
    text: str


class InstanceErrorActionOpenTerminal(TypedDict):
    kind: Literal["open-terminal"]


class InstanceErrorErrorsItem(TypedDict):
    field: str
    code: str
    message: str


class _InstanceError(TypedDict):
    code: Literal["cancelled", "bad-input", "body-invalid", "body-too-large", "not-found", "conflict", "key-reused", "timeout", "internal", "engine-down", "engine-stopped", "engine-running", "version-mismatch", "token-invalid", "token-expired", "token-revoked", "scope-missing", "api-disabled", "consent-needed", "consent-denied", "token-limit", "too-many-open", "client-too-slow", "api-forbidden", "storage", "storage-full", "storage-quota", "storage-read-only", "storage-denied", "storage-removed", "keychain", "file-changed", "range-invalid", "host-unknown", "connection-refused", "connection-lost", "not-ssh", "host-key-changed", "host-key-refused", "host-key-revoked", "known-hosts-unreadable", "key-unreadable", "auth-failed", "auth-unsupported", "password-expired", "sign-in-needed", "forwarding-denied", "channel-refused", "command-failed", "command-missing", "no-space", "read-only", "not-permitted", "queue-unknown", "account-invalid", "limit-exceeded", "submit-failed", "job-failed", "not-ready", "path-too-long", "no-route", "job-held", "state-unknown", "image-missing", "runtime-failed", "site-invalid", "recipe-invalid", "template-invalid"]
    message: str


class InstanceError(_InstanceError, total=False):
    hint: str
    detail: str
    messageId: str
    hintId: str
    values: Dict[str, Union[str, float]]
    hintValues: Dict[str, Union[str, float]]
    action: Union[InstanceErrorActionCopyCommand, InstanceErrorActionOpenTerminal]
    errors: List[InstanceErrorErrorsItem]


class InstanceLogSpan(TypedDict):
    offset: float
    next: float


class InstanceInputResources(TypedDict):
    cpus: Optional[int]
    memory: Optional[int]
    time: Optional[int]
    gpus: Optional[int]
    gpuType: str
    queue: str
    account: str
    nodes: Optional[int]
    qos: str
    options: List[str]
    array: str


class InstanceInput(TypedDict):
    clusterId: str
    recipe: str
    launcher: Union[Literal["login", "slurm", "htcondor", "gridengine", "pbs", "lsf"], Literal[""]]
    runtime: Union[Literal["native", "apptainer", "podman", "docker"], Literal[""]]
    image: str
    args: Dict[str, Union[str, float, bool]]
    resources: InstanceInputResources
    modules: List[str]
    workDirectory: str
    title: str


class InstanceNotesItem(TypedDict):
    label: str
    value: str
    secret: bool


class _Instance(TypedDict):
    id: str
    clusterId: str
    clusterName: str
    recipe: str
    kind: Literal["app", "job"]
    title: str
    icon: str
    launcher: Literal["login", "slurm", "htcondor", "gridengine", "pbs", "lsf"]
    runtime: Literal["native", "apptainer", "podman", "docker"]
    state: InstanceState
    steps: List[InstanceStepsItem]
    progress: Optional[InstanceProgress]
    createdAt: float
    readyAt: Optional[float]
    endedAt: Optional[float]
    job: Optional[InstanceJob]
    endpoint: Optional[Union[InstanceEndpointSocket, InstanceEndpointPort]]
    route: Optional[InstanceRoute]
    exposure: Optional[InstanceExposure]
    path: str
    error: Optional[InstanceError]
    logTail: str
    logSpan: Optional[InstanceLogSpan]
    directory: str
    input: Optional[InstanceInput]


class Instance(_Instance, total=False):
    notes: List[InstanceNotesItem]
    workDirectory: str
    stopped: bool


class JobInfoResources(TypedDict):
    cpus: Optional[int]
    memory: Optional[int]
    time: Optional[int]
    gpus: Optional[int]
    gpuType: str
    queue: str
    account: str
    nodes: Optional[int]
    qos: str
    options: List[str]
    array: str


class JobInfoValues(TypedDict):
    recipe: str
    args: Dict[str, Union[str, float, bool]]


class JobInfoNativeTasks(TypedDict):
    pending: float
    running: float
    completed: float
    failed: float


class _JobInfoNative(TypedDict):
    state: str
    reason: str
    id: str
    node: str
    queue: str
    expectedStart: Optional[float]
    exitCode: Optional[float]
    limit: Optional[Literal["memory", "time"]]
    tasks: Optional[JobInfoNativeTasks]


class JobInfoNative(_JobInfoNative, total=False):
    isDependencyLost: bool


class JobInfoErrorActionCopyCommand(TypedDict):
    kind: Literal["copy-command"]
    text: str


class JobInfoErrorActionOpenTerminal(TypedDict):
    kind: Literal["open-terminal"]


class JobInfoErrorErrorsItem(TypedDict):
    field: str
    code: str
    message: str


class _JobInfoError(TypedDict):
    code: Literal["cancelled", "bad-input", "body-invalid", "body-too-large", "not-found", "conflict", "key-reused", "timeout", "internal", "engine-down", "engine-stopped", "engine-running", "version-mismatch", "token-invalid", "token-expired", "token-revoked", "scope-missing", "api-disabled", "consent-needed", "consent-denied", "token-limit", "too-many-open", "client-too-slow", "api-forbidden", "storage", "storage-full", "storage-quota", "storage-read-only", "storage-denied", "storage-removed", "keychain", "file-changed", "range-invalid", "host-unknown", "connection-refused", "connection-lost", "not-ssh", "host-key-changed", "host-key-refused", "host-key-revoked", "known-hosts-unreadable", "key-unreadable", "auth-failed", "auth-unsupported", "password-expired", "sign-in-needed", "forwarding-denied", "channel-refused", "command-failed", "command-missing", "no-space", "read-only", "not-permitted", "queue-unknown", "account-invalid", "limit-exceeded", "submit-failed", "job-failed", "not-ready", "path-too-long", "no-route", "job-held", "state-unknown", "image-missing", "runtime-failed", "site-invalid", "recipe-invalid", "template-invalid"]
    message: str


class JobInfoError(_JobInfoError, total=False):
    hint: str
    detail: str
    messageId: str
    hintId: str
    values: Dict[str, Union[str, float]]
    hintValues: Dict[str, Union[str, float]]
    action: Union[JobInfoErrorActionCopyCommand, JobInfoErrorActionOpenTerminal]
    errors: List[JobInfoErrorErrorsItem]


class JobInfo(TypedDict):
    id: str
    clusterId: str
    clusterName: str
    name: str
    launcher: Literal["login", "slurm", "htcondor", "gridengine", "pbs", "lsf"]
    directory: str
    script: Optional[str]
    resources: JobInfoResources
    modules: List[str]
    values: Optional[JobInfoValues]
    createdAt: float
    submittedAt: Optional[float]
    startedAt: Optional[float]
    endedAt: Optional[float]
    state: JobState
    native: Optional[JobInfoNative]
    error: Optional[JobInfoError]
    archived: bool
    rerunOf: Optional[str]


class LogPiece(TypedDict):
    text: str
    offset: float
    next: float


class LoginNodeUsage(TypedDict):
    sessionsStarted: float
    commandsRun: float
    cpuSeconds: float


class PromptOfSecretHop(TypedDict):
    role: Literal["jump", "login", "node"]
    host: str


class _PromptOfSecret(TypedDict):
    id: str
    clusterId: str
    clusterName: str
    askedAt: float
    kind: Literal["secret"]
    secret: Literal["password", "passphrase"]
    subject: str
    wrong: float
    canRemember: bool


class PromptOfSecret(_PromptOfSecret, total=False):
    hop: PromptOfSecretHop
    instructions: str


class PromptOfInteractiveFieldsItem(TypedDict):
    text: str
    echo: bool


class PromptOfInteractiveOptionsItem(TypedDict):
    reply: str
    label: str


class PromptOfInteractiveHop(TypedDict):
    role: Literal["jump", "login", "node"]
    host: str


class _PromptOfInteractive(TypedDict):
    id: str
    clusterId: str
    clusterName: str
    askedAt: float
    kind: Literal["interactive"]
    subject: str
    name: str
    instructions: str
    fields: List[PromptOfInteractiveFieldsItem]
    options: List[PromptOfInteractiveOptionsItem]
    round: float
    wrong: float


class PromptOfInteractive(_PromptOfInteractive, total=False):
    hop: PromptOfInteractiveHop


class PromptOfHostKeyHop(TypedDict):
    role: Literal["jump", "login", "node"]
    host: str


class PromptOfHostKeyAuthority(TypedDict):
    file: str
    line: float


class _PromptOfHostKey(TypedDict):
    id: str
    clusterId: str
    clusterName: str
    askedAt: float
    kind: Literal["host-key"]
    host: str
    port: float
    keyType: str
    fingerprint: str
    jump: bool


class PromptOfHostKey(_PromptOfHostKey, total=False):
    hop: PromptOfHostKeyHop
    authority: PromptOfHostKeyAuthority
    canSave: bool


class PromptOfApprovalHop(TypedDict):
    role: Literal["jump", "login", "node"]
    host: str


class _PromptOfApproval(TypedDict):
    id: str
    clusterId: str
    clusterName: str
    askedAt: float
    kind: Literal["approval"]
    subject: str
    option: Optional[str]


class PromptOfApproval(_PromptOfApproval, total=False):
    hop: PromptOfApprovalHop


class PromptAnswerOfCancel(TypedDict):
    kind: Literal["cancel"]


class PromptAnswerOfSecret(TypedDict):
    kind: Literal["secret"]
    value: str
    remember: bool


class _PromptAnswerOfInteractive(TypedDict):
    kind: Literal["interactive"]
    values: List[str]


class PromptAnswerOfInteractive(_PromptAnswerOfInteractive, total=False):
    alwaysReply: str


class PromptAnswerOfHostKey(TypedDict):
    kind: Literal["host-key"]
    accept: Literal[True]
    save: bool


class Transition(TypedDict):
    id: int
    at: float
    kind: Literal["waiting", "ready", "running", "reconnecting", "interrupted", "ended", "failed", "ten-minutes-left", "connected", "sign-in-needed", "unreachable", "key-changed", "question-asked"]
    instanceId: Optional[str]
    clusterId: str
    values: Dict[str, Union[str, float]]


class TunnelStateTarget(TypedDict):
    node: str
    socket: str


class TunnelStateTarget2(TypedDict):
    node: str
    port: int


class TunnelStateLocalSocket(TypedDict):
    kind: Literal["socket"]
    path: str


class TunnelStateLocalPort(TypedDict):
    kind: Literal["port"]
    port: int


class TunnelStateRouteRefusedItem(TypedDict):
    kind: Literal["socket", "node", "relay", "port"]
    reason: str


class TunnelStateRoute(TypedDict):
    kind: Literal["socket", "node", "relay", "port"]
    text: str
    refused: List[TunnelStateRouteRefusedItem]
    warning: Optional[str]


class TunnelState(TypedDict):
    id: str
    clusterId: str
    target: Union[TunnelStateTarget, TunnelStateTarget2]
    local: Union[TunnelStateLocalSocket, TunnelStateLocalPort]
    route: TunnelStateRoute
    openedAt: float


Prompt = Union[PromptOfSecret, PromptOfInteractive, PromptOfHostKey, PromptOfApproval]


PromptAnswer = Union[PromptAnswerOfCancel, PromptAnswerOfSecret, PromptAnswerOfInteractive, PromptAnswerOfHostKey]
