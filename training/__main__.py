"""`python -m training RUN_FOLDER`: train what a prepared run folder asks for, telling it in JSON lines on stdout.

Exit codes: 0 finished, 1 unexpected failure (see run.log), 2 the run cannot be done as asked, 3 cancelled.
"""

import argparse
import errno
import logging
import multiprocessing
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from endodesk.domain.errors import Cancelled, EndoDeskError, MissingExtra
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.memory_budget import MEMORY, USUAL_MB
from endodesk.system.os_errors import reason_of
from endodesk.system.threads import make_way
from training.learning.job import Job, open_job
from training.plan.channel import CANCELLED_EXIT, Channel
from training.plan.checkpoint import can_be_resumed
from training.plan.launch import why_not_trained
from training.plan.run_folder import LOG

log = logging.getLogger("training")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one training; returns the exit code."""
    multiprocessing.freeze_support()
    parser = argparse.ArgumentParser(prog="python -m training", description="Train what a prepared run folder asks for.")
    parser.add_argument("run", type=Path, help="folder with config.toml and manifest.csv")
    parser.add_argument("--watch-stdin", action="store_true", help="do what stdin wishes, and stop when it ends")
    parser.add_argument("--resume", action="store_true", help="go on with a training that was interrupted")
    parser.add_argument("--online", action="store_true", help="do what the configuration asks of the network")
    parser.add_argument("--polite", action="store_true", help="let others come first, and leave one core to them")
    parser.add_argument("--memory-mb", type=int, default=USUAL_MB, help="how much memory pictures may fill while they are read")
    asked = parser.parse_args(arguments)
    MEMORY.limit_bytes = asked.memory_mb * 1_000_000
    if asked.polite:
        make_way()
    channel = Channel.over_stdout()
    channel.start_heartbeat()
    if asked.watch_stdin:
        channel.watch_stdin()
    event, code = attempt(asked.run.absolute(), channel, resume=asked.resume, online=asked.online)
    if event.kind is RunEventKind.FINISHED and channel.forecast:
        channel.forecast.note()
    channel.tell(event)
    channel.close()
    return code


def attempt(run: Path, channel: Channel, *, resume: bool = False, online: bool = False) -> tuple[RunEvent, int]:
    """The run's last event and the exit code, whatever happens."""
    try:
        if not run.is_dir():
            raise EndoDeskError(f"There is no folder {run}.")
        channel.chatter_to(run / LOG)
        channel.keep_in(run)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
        return _train(open_job(run, channel, resume=resume, online=online)), 0
    except Cancelled:
        return RunEvent(RunEventKind.CANCELLED), CANCELLED_EXIT
    except EndoDeskError as error:
        log.info("failed: %s", error)
        return _failed(str(error)), 2
    except OSError as error:
        log.exception("failed")
        return _failed(_of_the_disk(error, run)), 2
    except MemoryError:
        log.exception("failed")
        return _failed("There is not enough memory for this training; close other programs or train on fewer frames."), 1
    except Exception as error:
        log.exception("failed")
        return _failed(f"The training failed unexpectedly ({type(error).__name__}); {run / LOG} tells more."), 1


def _train(job: Job) -> RunEvent:
    channel = job.channel
    if job.plan.config.quick:
        from training.learning.quick import update_run  # numpy alone: TensorFlow stays unloaded

        return update_run(job)
    if reason := why_not_trained():
        raise MissingExtra(reason)
    channel.phase("starting")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    if job.plan.config.trackers.wandb == "off":
        socket.has_ipv6 = False  # urllib3, which TensorFlow's import brings, opens a socket otherwise to find out
    from training.learning.run import train_run  # TensorFlow takes seconds to import

    channel.task.raise_if_cancelled()  # the import took seconds, and nothing can interrupt it
    return train_run(job)


def _failed(message: str) -> RunEvent:
    return RunEvent(RunEventKind.FAILED, message=message)


def _of_the_disk(error: OSError, run: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        go_on = "go on with the training (endodesk train --resume)" if can_be_resumed(run) else "start the training again"
        return f"The disk is full; make room and {go_on}. Nothing half-written was kept as a model ({run})."
    return f"{error.filename or run} cannot be used: {reason_of(error)}."


if __name__ == "__main__":
    sys.exit(main())
