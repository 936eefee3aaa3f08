"""Clusters, jobs, files and apps over the connection of Tunel."""

from . import errors, types
from ._prompts import OnPrompt
from .apps import App, Apps
from .client import Tunel, connect
from .clusters import Cluster, Clusters
from .errors import TunelError
from .files import Files
from .hpc_gateway import HpcGateway
from .job_files import JobFile, JobFiles
from .jobs import Job, Jobs
from .transfers import Transfer, Transfers
from .tunnels import Tunnel, Tunnels

__all__ = [
    "App",
    "Apps",
    "Cluster",
    "Clusters",
    "Files",
    "HpcGateway",
    "Job",
    "JobFile",
    "JobFiles",
    "Jobs",
    "OnPrompt",
    "Transfer",
    "Transfers",
    "Tunel",
    "TunelError",
    "Tunnel",
    "Tunnels",
    "connect",
    "errors",
    "types",
]
