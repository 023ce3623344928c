# SPDX-License-Identifier: GPL-3.0-or-later
"""A Slurm cluster of one node, this machine, for tests: own key, sockets, ports and state in one
folder; nothing of the system's own Slurm is read or changed.

Two partitions: jobs in "high" preempt those in "low", which are then requeued.
"""

import os
import pwd
import shutil
import socket
import subprocess
import time

import ctl

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "sinfo"]
SYSTEM_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

# A job that was requeued may start again after this and a second.
CONFIGURATION = """
ClusterName=anchorlens
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
SlurmctldPort={controller_port}
SlurmdPort={node_port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
KillWait=20
MaxArraySize=100
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=low Nodes={host} Default=YES State=UP PriorityTier=1 PreemptMode=REQUEUE
PartitionName=high Nodes={host} State=UP PriorityTier=10 PreemptMode=OFF
"""


def why_not():
    """Why no cluster can be started here; empty when it can."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=SYSTEM_PATH) is None]
    if missing:
        return (", ".join(missing) + " not found; Debian's packages slurm-wlm and munge have them "
                "(packaging/setup --tests installs them)")
    if os.geteuid() != 0:
        return "slurmd starts jobs as root only, and this test is not run by root"
    return ""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.daemons = []
        self.environment = {"SLURM_CONF": os.path.join(folder, "slurm.conf"), "PATH": SYSTEM_PATH}

    def start(self):
        for name in ("state", "spool"):
            os.mkdir(os.path.join(self.folder, name))
        with open(os.path.join(self.folder, "munge.key"), "xb",
                  opener=lambda path, flags: os.open(path, flags, 0o400)) as key:
            key.write(os.urandom(128))
        with open(self.environment["SLURM_CONF"], "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(
                folder=self.folder, host=socket.gethostname().split(".")[0],
                user=pwd.getpwuid(os.geteuid()).pw_name, controller_port=free_port(),
                node_port=free_port()))
        inside = {name: os.path.join(self.folder, f"munge.{name}")
                  for name in ("socket", "pid", "log", "seed")}
        self.daemon("munged", "--force", "--foreground", f"--socket={inside['socket']}",
                    f"--key-file={os.path.join(self.folder, 'munge.key')}",
                    f"--pid-file={inside['pid']}", f"--log-file={inside['log']}",
                    f"--seed-file={inside['seed']}")
        self.wait(lambda: os.path.exists(inside["socket"]), "munged opens its socket")
        self.daemon("slurmctld", "-D")
        self.daemon("slurmd", "-D")
        self.wait(lambda: set(self.call("sinfo", "--noheader", "--format=%T", check=False).split())
                  == {"idle"}, "the node is idle")

    def daemon(self, *words):
        with open(os.path.join(self.folder, words[0] + ".output"), "w", encoding="utf-8") as output:
            self.daemons.append(subprocess.Popen(
                words, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment}, preexec_fn=ctl.end_with_parent))

    def call(self, *words, check=True):
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **self.environment})
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def states(self):
        """"JOB_INDEX" -> state, of what is in the queue."""
        lines = self.call("squeue", "--noheader", "--array", "--format=%i %T").splitlines()
        return dict(line.split() for line in lines)

    def wait(self, is_so, what, seconds=90):
        """Until it is so; fails with what the daemons said."""
        deadline = time.monotonic() + seconds
        while not is_so():
            ended = [daemon.args[0] for daemon in self.daemons if daemon.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"waited for: {what}; ended: {ended}\n{self.said()}")
            time.sleep(0.1)

    def said(self):
        text = ""
        for daemon in self.daemons:
            name = os.path.join(self.folder, daemon.args[0] + ".output")
            with open(name, encoding="utf-8", errors="replace") as file:
                text += f"{daemon.args[0]}:\n" + "".join(file.readlines()[-15:])
        return text

    def stop(self):
        try:
            if len(self.daemons) == 3:
                jobs = {job.split("_")[0] for job in self.states()}
                if jobs:
                    self.call("scancel", *jobs, check=False)
                self.wait(lambda: not self.states(), "the queue is empty", seconds=40)
        finally:
            for daemon in reversed(self.daemons):
                daemon.terminate()
            for daemon in reversed(self.daemons):
                try:
                    daemon.wait(20)
                except subprocess.TimeoutExpired:
                    daemon.kill()
                    daemon.wait()
            self.daemons = []
