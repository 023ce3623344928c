# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a run of Anchorlens into NumPy arrays.

One file, Python 3.8 or later, the standard library and NumPy. It writes nothing into the run and
can be used while the run is being trained. The files themselves: docs/format_run.md.

    import anchorlens_run
    run = anchorlens_run.Run("runs/identity")
    steps = run.steps()                   # {"step": [n], "loss": [n], ...}
    scores = run.scores()                 # {"step": [frame], "lag1.lift": [frame, layer, head], ...}
    frame = run.frame(1200)               # {"shown": [sequence, layer, head, reader, source], ...}
    tensors, metadata = anchorlens_run.read_safetensors(run.checkpoints()[-1][1])

From a shell:

    python3 anchorlens_run.py RUN                what is in the run
    python3 anchorlens_run.py RUN --npz FILE     metrics and head scores as one NumPy file
"""

import argparse
import fcntl
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import sys
import tempfile
import urllib.parse
import zlib

import numpy as np

APPLICATION_ID = 0x414C524E  # "ALRN"
DATABASE_VERSION = 1


class RunError(Exception):
    """Something in a run's files is not as it should be; one sentence."""


class Run:
    """One run directory. May be used as a context manager; close() frees a temporary copy."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        experiment = self.path / "experiment.json"
        if not experiment.is_file():
            raise RunError(f"{self.path}: Not an Anchorlens run: experiment.json is missing.")
        with open(experiment, encoding="utf-8") as file:
            self.experiment = json.load(file)
        self._file = self.path / "run.sqlite"
        self._connection = None
        self._opened_as = None
        self._copy = None
        self._database()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._opened_as = None
        if self._copy is not None:
            self._copy.cleanup()
        self._copy = None

    # --- what is in the database -----------------------------------------------------------------

    def status(self):
        """{"state", "step", "total_steps", "reason", "held"}; held: a living process writes."""
        rows = self._query("SELECT state, step, total_steps, reason FROM status WHERE id = 1")
        if not rows:
            raise RunError(f"{self._file}: The database has no status.")
        names = ("state", "step", "total_steps", "reason")
        return dict(zip(names, rows[0]), held=self._is_held())

    def provenance(self):
        """{key: value}, all texts, in the order of adding."""
        return dict(self._query("SELECT key, value FROM provenance ORDER BY id"))

    def events(self):
        """[{"step", "kind", "text", "time"}]; time in seconds since 1970."""
        rows = self._query("SELECT step, kind, text, time FROM events ORDER BY step, id")
        return [dict(zip(("step", "kind", "text", "time"), row)) for row in rows]

    def roles(self):
        """Names of the roles, by number: "noise", "anchor:3", "key:x"."""
        return [row[0] for row in self._query("SELECT name FROM task_roles ORDER BY id")]

    def groups(self):
        """[{"name", "split", "kind", "form"}], by number."""
        rows = self._query("SELECT name, split, kind, form FROM task_groups ORDER BY id")
        return [dict(zip(("name", "split", "kind", "form"), row)) for row in rows]

    def shown(self):
        """The shown sequences: [{"tokens", "roles", "answers", "group"}]; answers: [[token, p]]."""
        rows = self._query(
            "SELECT tokens, roles, answers, group_id FROM shown_sequences ORDER BY id"
        )
        return [
            {
                "tokens": np.array(json.loads(tokens), dtype=np.int32),
                "roles": np.array(json.loads(roles), dtype=np.uint8),
                "answers": json.loads(answers),
                "group": group,
            }
            for tokens, roles, answers, group in rows
        ]

    def steps(self):
        """Each optimiser step: {"step", "loss", "grad_norm", "learning_rate"}, each [n]."""
        names = ("step", "loss", "grad_norm", "learning_rate")
        return self._columns("steps", names)

    def metrics(self):
        """Each evaluation: "step", "epoch", "learning_rate", "train_accuracy", "train_loss",
        "test_accuracy", "test_loss", each [n]; "group_n", "group_accuracy", "group_loss", each
        [n, group], NaN where a group was not evaluated."""
        names = ("step", "epoch", "learning_rate", "train_accuracy", "train_loss", "test_accuracy",
                 "test_loss")
        result = self._columns("evaluations", names)
        rows = self._query("SELECT step, group_id, n, accuracy, loss FROM group_metrics")
        place = {step: i for i, step in enumerate(result["step"].tolist())}
        rows = [row for row in rows if row[0] in place]
        n_groups = max([row[1] + 1 for row in rows] + [len(self.groups())])
        for name in ("group_n", "group_accuracy", "group_loss"):
            result[name] = np.full((len(place), n_groups), np.nan)
        for step, group, n, accuracy, loss in rows:
            result["group_n"][place[step], group] = _number(n)
            result["group_accuracy"][place[step], group] = _number(accuracy)
            result["group_loss"][place[step], group] = _number(loss)
        return result

    def frame_steps(self):
        """Steps of which there is a frame, ascending. Shape: [n]"""
        return self._columns("frames", ("step",))["step"]

    def frame(self, step):
        """What was recorded on the probe batch at one step.

        "shown" [sequence, layer, head, reader, source]: attention after softmax, float32
        "mean"  [layer, head, reader, source]: mean over the whole probe
        "tokens", "p" [sequence, 5]: the five most probable answers
        "epoch", "probe_accuracy", "probe_loss": numbers
        Arrays that were not recorded are missing.
        """
        rows = self._query(
            "SELECT epoch, probe_accuracy, probe_loss, arrays FROM frames WHERE step = ?",
            (int(step),),  # SQLite takes NumPy's integers for bytes
        )
        if not rows:
            raise RunError(f"{self.path}: The run has no frame of step {step}.")
        try:
            arrays = decode_frame(rows[0][3])
        except RunError as error:
            raise RunError(f"{self._file}: The frame of step {step} cannot be read: {error}")
        if "mean" in arrays:
            arrays["mean"] = arrays["mean"][0]
        names = ("epoch", "probe_accuracy", "probe_loss")
        arrays.update(zip(names, map(_number, rows[0][:3])))
        return arrays

    def scores(self):
        """Head scores of all frames: "step" [frame], and each column [frame, layer, head].

        Columns: "lag1.mass", "lag1.chance", "lag1.lift", ..., "broadcasts0.output.lift", ...; all of
        them are listed in docs/format_run.md. A column that a frame has not is NaN there, and so is
        what was not there to be scored (its ".present" is 0).
        """
        steps, frames = [], []
        for step, heads in self._query("SELECT step, heads FROM scores ORDER BY step"):
            try:
                frames.append(decode_scores(heads))
            except RunError as error:
                raise RunError(f"{self._file}: The scores of step {step} cannot be read: {error}")
            steps.append(step)
        result = {"step": np.array(steps, dtype=np.int64)}
        n_heads = max([len(next(iter(frame.values()))) for frame in frames if frame] + [0])
        names = {name: None for frame in frames for name in frame}
        for name in names:
            column = np.full((len(frames), n_heads), np.nan)
            for i, frame in enumerate(frames):
                if name in frame:
                    column[i, : len(frame[name])] = frame[name]
            result[name] = column.reshape((len(frames),) + self._head_shape(n_heads))
        return result

    # --- checkpoints -----------------------------------------------------------------------------

    def checkpoints(self):
        """[(step, path)] ascending."""
        found = []
        folder = self.path / "checkpoints"
        for file in folder.iterdir() if folder.is_dir() else ():
            match = re.fullmatch(r"step-(\d{9,})\.safetensors", file.name)
            if match:
                found.append((int(match.group(1)), file))
        return sorted(found)

    # --- how the database is opened --------------------------------------------------------------

    def _head_shape(self, n_heads):
        model = self.experiment.get("model", {})
        shape = (model.get("n_layers", 0), model.get("n_heads", 0))
        return shape if shape[0] * shape[1] == n_heads else (n_heads,)

    def _columns(self, table, names):
        rows = self._query(f"SELECT {', '.join(names)} FROM {table} ORDER BY step")
        return {
            name: np.array(
                [_number(row[i]) for row in rows], dtype=np.int64 if name == "step" else np.float64
            )
            for i, name in enumerate(names)
        }

    def _query(self, sql, parameters=()):
        try:
            return self._database().execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            self.close()
            raise RunError(f"{self._file}: The database cannot be read: {error}.")

    def _is_held(self):
        """Whether a living process of this host holds the writer's lock."""
        try:
            fd = os.open(self.path / "lock", os.O_RDONLY)
        except OSError:
            return False
        try:
            f_ofd_getlk = 36
            layout = "hh4xqqi4x"  # struct flock: type, whence, start, length, pid
            asked = struct.pack(layout, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            answer = fcntl.fcntl(fd, f_ofd_getlk, asked)
            return struct.unpack(layout, answer)[0] != fcntl.F_UNLCK
        except OSError:
            return False
        finally:
            os.close(fd)

    def _database(self):
        """The connection; opened anew when what is right for the files has changed."""
        wal = pathlib.Path(f"{self._file}-wal")
        has_wal = wal.exists() and wal.stat().st_size > 0
        if not self._file.exists():
            raise RunError(f"{self._file}: The run's database is missing.")
        if (self.path / "run.writer.sqlite").exists() or not has_wal:
            wanted = ("immutable",) + _signature(self._file)
        elif self._is_held():
            wanted = ("live", self._file.stat().st_ino)
        else:
            wanted = ("copied",) + _signature(self._file) + _signature(wal)
        if wanted != self._opened_as:
            self.close()
            self._connection = self._connect(wanted[0], wal)
            self._check()
            self._opened_as = wanted
        return self._connection

    def _connect(self, mode, wal):
        if mode == "immutable":
            return _open_sqlite(self._file, "mode=ro&immutable=1")
        if mode == "live":
            try:
                connection = _open_sqlite(self._file, "mode=ro")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
                return connection
            except sqlite3.OperationalError:
                pass  # another user's folder: by a copy
        self._copy = tempfile.TemporaryDirectory(prefix="anchorlens-")
        copy = pathlib.Path(self._copy.name) / "run.sqlite"
        shutil.copyfile(self._file, copy)
        shutil.copyfile(wal, f"{copy}-wal")
        return _open_sqlite(copy, "mode=rw")

    def _check(self):
        try:
            application = self._connection.execute("PRAGMA application_id").fetchone()[0]
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise RunError(f"{self._file}: The database cannot be read: {error}.")
        if application != APPLICATION_ID:
            raise RunError(f"{self._file}: Not the database of an Anchorlens run.")
        if version != DATABASE_VERSION:
            raise RunError(
                f"{self._file}: The database has version {version}, this program reads "
                f"{DATABASE_VERSION}."
            )


def _open_sqlite(file, options):
    path = urllib.parse.quote(str(file.resolve()))
    return sqlite3.connect(f"file:{path}?{options}", uri=True)


def _signature(file):
    info = file.stat()
    return info.st_ino, info.st_size, info.st_mtime_ns


def _number(value):
    """SQLite keeps NaN as NULL."""
    return np.nan if value is None else value


# --- blobs -------------------------------------------------------------------------------------------


def _check_blob(blob, magic, header):
    if not isinstance(blob, bytes) or len(blob) < header or blob[:4] != magic:
        raise RunError("it is of another kind")
    if zlib.crc32(blob[8:]) != struct.unpack_from("<I", blob, 4)[0]:
        raise RunError("its checksum is wrong")
    version = struct.unpack_from("<H", blob, 8)[0]
    if version != 1:
        raise RunError(f"it has version {version}, this program reads 1")


def _take(blob, at, size):
    if size < 0 or at + size > len(blob):
        raise RunError("it is cut off")
    return blob[at : at + size], at + size


def decode_frame(blob):
    """The arrays of a frame's blob: {name: array}."""
    _check_blob(blob, b"ALFR", 12)
    n_arrays = struct.unpack_from("<H", blob, 10)[0]
    at = 12
    sections = []
    for _ in range(n_arrays):
        section, at = _take(blob, at, 40)
        sections.append(struct.unpack("<12sBBBx5II", section))
    arrays = {}
    for name, kind, coding, n_axes, *axes, size in sections:
        payload, at = _take(blob, at, size)
        dtype = np.dtype("<f4") if kind == 0 else np.dtype("<i4")
        shape = tuple(axes[:n_axes])
        if coding == 0:
            array = np.frombuffer(payload, dtype)
            if array.size != np.prod(shape, dtype=object):
                raise RunError("an array does not fit its shape")
            array = array.reshape(shape)
        else:
            array = _decode_cells(payload, shape)
        arrays[name.rstrip(b"\0").decode("ascii")] = array
    return arrays


def _decode_cells(payload, shape):
    """Cells that a mask leaves out were 0 in every head of the sequence."""
    n, layers, heads, rows, columns = shape
    cells = rows * columns
    mask_size = (cells + 7) // 8
    n_masks = struct.unpack_from("<I", payload)[0]
    masks, at = _take(payload, 4, n_masks * mask_size)
    bits = np.frombuffer(masks, np.uint8).reshape(n_masks, mask_size)
    masks = np.unpackbits(bits, axis=1, bitorder="little")[:, :cells].astype(bool)
    values = np.frombuffer(payload[at:], "<f4")
    stored = int(masks.sum()) * (n if n_masks == 1 else 1) * layers * heads
    if n_masks not in (1, n) or values.size != stored:
        raise RunError("an array does not fit its shape")
    array = np.zeros((n, layers * heads, cells), np.float32)
    if n_masks == 1:
        array[:, :, masks[0]] = values.reshape(n, layers * heads, -1)
    else:
        at = 0
        for i in range(n):
            count = int(masks[i].sum()) * layers * heads
            array[i][:, masks[i]] = values[at : at + count].reshape(layers * heads, -1)
            at += count
    return array.reshape(shape)


def _score_columns(n_rows, n_broadcasts, with_lifts):
    names = []

    def score(name):
        names.extend([f"{name}.mass", f"{name}.chance"] + [f"{name}.lift"] * with_lifts)

    def row(name):
        names.extend([f"{name}.reader", f"{name}.source"])
        score(name)

    for lag in (1, 2, 3, 4):
        score(f"lag{lag}")
    names.extend(["shift_lag", "shift_consistency", "row.present"])
    row("row")
    names.append("rows.count")
    for i in range(n_rows):
        row(f"rows{i}")
    names.append("broadcasts.count")
    for i in range(n_broadcasts):
        names.append(f"broadcasts{i}.source")
        for readers in ("output", "later"):
            part = f"broadcasts{i}.{readers}"
            if readers == "later":
                names.append(f"{part}.present")
            score(part)
            fields = ("coverage", "tracking", "fixed_column", "fixed_lift")
            names.extend(f"{part}.{field}" for field in fields)
    names.append("best_broadcast")
    for name in ("self", "sink", "previous"):
        score(name)
    for name in ("induction", "duplicate"):
        names.append(f"{name}.present")
        score(name)
    return names


def decode_scores(blob):
    """The head scores of one frame: {column: [head]}."""
    _check_blob(blob, b"ALSC", 24)
    flags, heads, n_rows, n_broadcasts, n_columns = struct.unpack_from("<HIHHI", blob, 10)
    if heads == 0:
        return {}
    names = _score_columns(n_rows, n_broadcasts, flags & 1)
    if len(names) != n_columns:
        raise RunError("its columns are not those of this version")
    mask, at = _take(blob, 24, (n_columns + 63) // 64 * 8)
    own = np.unpackbits(np.frombuffer(mask, np.uint8), bitorder="little")[:n_columns].astype(bool)
    n_own = int(own.sum())
    shared, at = _take(blob, at, 8 * (n_columns - n_own))
    rest, at = _take(blob, at, 8 * n_own * heads)
    table = np.empty((heads, n_columns))
    table[:, ~own] = np.frombuffer(shared, "<f8")
    table[:, own] = np.frombuffer(rest, "<f8").reshape(heads, n_own)
    columns = {name: table[:, i] for i, name in enumerate(names)}
    if not flags & 1:
        for name in [name for name in names if name.endswith(".mass")]:
            mass, chance = columns[name], columns[f"{name[:-5]}.chance"]
            with np.errstate(divide="ignore", invalid="ignore"):
                lift = np.where(chance == 1, 0.0, (mass - chance) / (1 - chance))
            columns[f"{name[:-5]}.lift"] = lift
    for name in [name for name in columns if name.endswith(".present")]:
        for field in ("mass", "chance", "lift"):
            column = columns[f"{name[:-8]}.{field}"]
            columns[f"{name[:-8]}.{field}"] = np.where(columns[name] == 0, np.nan, column)
    return columns


# --- safetensors -------------------------------------------------------------------------------------

_DTYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "U8": "u1", "BF16": "<u2"}


def read_safetensors(path):
    """(tensors, metadata) of a file: {name: array}, {key: text}. BF16 becomes float32."""
    with open(path, "rb") as file:
        blob = file.read()
    if len(blob) < 8:
        raise RunError(f"{path}: The file has {len(blob)} bytes.")
    size = struct.unpack_from("<Q", blob)[0]
    if size > len(blob) - 8:
        raise RunError(f"{path}: The header should have {size} bytes, the file has {len(blob)}.")
    text = blob[8 : 8 + size]
    try:
        header = json.loads(text.decode("utf-8"))
        metadata = header.pop("__metadata__", {})
    except (ValueError, AttributeError):
        raise RunError(f"{path}: The header is no JSON object.")
    data = memoryview(blob)[8 + size :]
    mark = text.find(b'"crc32":"')
    if mark >= 0:
        zeros = text[: mark + 9] + b"0" * 8 + text[mark + 17 :]
        expected = metadata.pop("crc32", "")
        found = f"{zlib.crc32(data, zlib.crc32(zeros)):08x}"
        if found != expected:
            raise RunError(f"{path}: The checksum is {found}, but the header says {expected}.")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = np.dtype(_DTYPES[entry["dtype"]])
        count = int(np.prod(entry["shape"], dtype=object))
        if not 0 <= begin <= end <= len(data) or end - begin != count * dtype.itemsize:
            raise RunError(f"{path}: The tensor {name} does not fit its place.")
        array = np.frombuffer(data[begin:end], dtype)
        if entry["dtype"] == "BF16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        tensors[name] = array.reshape(entry["shape"])
    return tensors, metadata


# --- from a shell ------------------------------------------------------------------------------------


def _summary(run):
    status = run.status()
    print(f"{run.experiment.get('name', '')}: {status['state']}, "
          f"step {status['step']} of {status['total_steps']}")
    print(f"{len(run.steps()['step'])} steps, {len(run.metrics()['step'])} evaluations, "
          f"{len(run.frame_steps())} frames, {len(run.checkpoints())} checkpoints")
    for key, value in run.provenance().items():
        print(f"  {key}: {value}")
    for event in run.events():
        print(f"  {event['step']:>9}  {event['kind']}: {event['text']}")


def main():
    parser = argparse.ArgumentParser(description="Reads a run of Anchorlens.")
    parser.add_argument("run", help="the run's directory")
    parser.add_argument("--npz", metavar="FILE", help="write metrics and head scores to FILE")
    arguments = parser.parse_args()
    try:
        with Run(arguments.run) as run:
            if arguments.npz:
                tables = {"steps": run.steps(), "metrics": run.metrics(), "scores": run.scores()}
                np.savez(arguments.npz, **{
                    f"{table}/{name}": column
                    for table, columns in tables.items()
                    for name, column in columns.items()
                })
            else:
                _summary(run)
    except (RunError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
