from __future__ import annotations

import hashlib
import os
import socket
import unittest
from typing import Any, List, Optional, Tuple
from unittest import mock

from support import EngineTest, eventually, kill_engine

import tunel_client
from tunel_client import errors, hpc_gateway


class DemoTest(EngineTest):
    def test_clusters(self) -> None:
        self.assertEqual(self.tunel.status()["host"], "background")
        demo = self.tunel.clusters.get("demo")
        demo.connect()
        self.assertIn("login", [launcher["name"] for launcher in demo.facts()["launchers"]])
        found = self.tunel.clusters.list()
        self.assertEqual([(each.id, each.state) for each in found], [("demo", "connected")])
        self.assertIn("<td>demo</td>", found._repr_html_())
        self.assertIn("id='demo'", repr(found[0]))
        with self.assertRaises(errors.NotFoundError) as caught:
            self.tunel.clusters.get("nowhere")
        self.assertEqual(caught.exception.code, "not-found")

    def test_files(self) -> None:
        data = os.urandom(3_000_000)
        with open(self.path("sent"), "wb") as file:
            file.write(data)
        seen: List[Tuple[int, Optional[int]]] = []
        report = lambda done, total: seen.append((done, total))  # noqa: E731
        before = self.local_files()
        self.assertEqual(self.tunel.files.upload("demo", self.path("sent"), "python.bin", progress=report), len(data))
        self.assertEqual(seen[-1], (len(data), len(data)))
        self.assertEqual(self.tunel.files.stat("demo", "python.bin")["size"], len(data))
        self.tunel.files.download("demo", "python.bin", self.path("fetched"), progress=report)
        self.assertEqual(digest(self.path("fetched")), hashlib.sha256(data).hexdigest())
        self.assertEqual(seen[-1], (len(data), len(data)))
        with self.tunel.files.read("demo", "python.bin", offset=2_999_990) as chunks:
            self.assertEqual(b"".join(chunks), data[-10:])
        with self.assertRaises(errors.NotFoundError):
            self.tunel.files.download("demo", "no-such-file", self.path("missing"), progress=False)
        with self.assertRaises(FileNotFoundError):
            self.tunel.files.upload("demo", self.path("no-such-file"), "x")
        with self.assertRaises(FileNotFoundError):
            self.tunel.files.download("demo", "python.bin", self.path("no-such-folder/file"))
        self.tunel.files.remove("demo", "python.bin")
        self.assertEqual(self.local_files(), sorted([*before, "fetched"]))

    def test_a_program_that_gives_up_leaves_nothing(self) -> None:
        self.tunel.files.upload("demo", b"x" * 2_000_000, "given-up.bin", progress=False)

        class Enough(Exception):
            pass

        def stop(_done: int, _total: Optional[int]) -> None:
            raise Enough

        with self.assertRaises(Enough):
            self.tunel.files.download("demo", "given-up.bin", self.path("given-up"), progress=stop)
        with self.assertRaises(Enough):
            self.tunel.files.upload("demo", b"y" * 2_000_000, "given-up-2.bin", progress=stop)
        names = [entry["name"] for entry in self.tunel.files.list("demo")["entries"]]
        self.assertNotIn("given-up-2.bin", names)
        self.assertFalse([name for name in self.local_files() if name.startswith("given-up")])

    def test_transfers_go_on_by_themselves_across_the_end_of_the_engine(self) -> None:
        data = os.urandom(24_000_000)
        killed: List[int] = []
        seen: List[int] = []

        def kill_once(done: int, _total: Optional[int]) -> None:
            seen.append(done)
            if done > 0 and not killed:
                killed.append(kill_engine(self.data))

        self.tunel.clusters.get("demo")
        sent = self.tunel.transfers.upload("demo", data, "large.bin", progress=kill_once)
        self.assertEqual(sent.wait(), len(data))
        killed.clear()
        seen.clear()
        fetched = self.tunel.transfers.download("demo", "large.bin", self.path("large"), progress=kill_once)
        fetched.wait()
        self.assertTrue(killed)
        self.assertEqual(fetched.progress, (len(data), len(data)))
        # It went on at its byte and did not begin again.
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(digest(self.path("large")), hashlib.sha256(data).hexdigest())

        cancelled = self.tunel.transfers.download("demo", "large.bin", self.path("cancelled"))
        cancelled.cancel()
        with self.assertRaises(errors.CancelledError):
            cancelled.wait()
        self.assertFalse([name for name in self.local_files() if name.startswith("cancelled")])

    def test_an_app_is_followed_across_the_end_of_the_engine(self) -> None:
        app = self.tunel.apps.launch("demo", "hello", args={"greeting": "from Python"}, key="hello-1")
        again = self.tunel.apps.launch("demo", "hello", args={"greeting": "from Python"}, key="hello-1")
        self.assertEqual(again.id, app.id)
        with self.assertRaises(errors.KeyReusedError):
            self.tunel.apps.launch("demo", "hello", key="hello-1")
        self.assertEqual(app.ready(timeout=120).state, "ready")
        endpoint = app.info["endpoint"]
        assert endpoint is not None and endpoint["kind"] == "socket"
        with self.tunel.tunnels.open("demo", socket=endpoint["path"]) as tunnel:
            self.assertTrue(answer_of(tunnel.address).startswith(b"HTTP/1.1 "))
        kill_engine(self.data)
        eventually(lambda: app.refresh().state, lambda state: state == "ready")
        newest = self.tunel.request("history.transitions", {"limit": 1})["transitions"][-1]["id"]
        app.stop()
        self.assertEqual(app.wait(timeout=120).state, "ended")
        self.assertIn("Listening on", "".join(app.logs()))
        for transition in self.tunel.events(after=newest):
            if transition["instanceId"] == app.id and transition["kind"] == "ended":
                break
        self.assertIn(app.id, [found.id for found in self.tunel.apps.query(text="hello")])
        app.remove()

    def test_a_job_from_its_input_to_its_results(self) -> None:
        script = "#!/bin/sh\necho adding\nawk '{ sum += $1 } END { print sum }' input.txt >sum.txt\n"
        job = self.tunel.jobs.create("demo", "add", script=script, key="add-1")
        self.assertEqual(job.state, "new")
        self.assertEqual(self.tunel.jobs.create("demo", "add", script=script, key="add-1").id, job.id)
        with self.assertRaises(errors.KeyReusedError):
            self.tunel.jobs.create("demo", "other", script=script, key="add-1")
        job.files["input.txt"].upload(b"20\n22\n")
        for path in ("../input.txt", "/input.txt", "a\0b", "a\nb"):
            with self.assertRaises(errors.BadInputError):
                job.files[path].upload(b"")
        states = [info["state"] for info in job.submit().states()]
        self.assertEqual(states[-1], "completed")
        self.assertEqual(job.wait(check=True).state, "completed")
        self.assertIn("adding", "".join(job.logs()))
        self.assertIn("sum.txt", job.files)
        self.assertEqual(job.files["sum.txt"].read_text(), "42\n")
        job.files["sum.txt"].download(self.path("sum.txt"))
        with open(self.path("sum.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "42\n")
        self.assertIn("<td>sum.txt</td>", job.files._repr_html_())
        self.assertIn("<td>completed</td>", job._repr_html_())
        self.assertIn(job.id, [found.id for found in self.tunel.jobs.list("demo")])
        again = job.rerun(name="add again")
        self.assertEqual((again.state, again.info["rerunOf"], "sum.txt" in again.files), ("new", job.id, False))
        self.assertEqual(again.submit().wait(check=True).files["sum.txt"].read_text(), "42\n")
        job.remove()
        with self.assertRaises(errors.NotFoundError):
            self.tunel.jobs.get(job.id)

    def test_waiting_for_a_job_has_an_end(self) -> None:
        job = self.tunel.jobs.create("demo", "long", script="#!/bin/sh\nsleep 600\n").submit()
        with self.assertRaises(errors.TimeoutError):
            job.wait(timeout=0.5)
        job.cancel()
        self.assertEqual(job.wait(timeout=120).state, "canceled")
        with self.assertRaises(errors.TunelError):
            job.wait(check=True)

    def test_the_nine_calls_of_the_gateway(self) -> None:
        app = hpc_gateway.HpcGateway(self.tunel, "demo")
        self.assertIn("alive", app.heartbeat())
        self.assertEqual(app.create_user()["_id"], "demo")
        command = {"job_name": "nine", "executable_cmd": "cp input.txt output.txt; sleep 600"}
        jobid = app.create_job(new_transformation=command)
        with open(self.path("given.txt"), "w", encoding="utf-8") as file:
            file.write("20\n22\n")
        app.upload_file(jobid, filename="input.txt", source_path=self.path("given.txt"))
        app.upload_file(jobid, filename="extra.txt", source_path=self.path("given.txt"))
        app.delete_file(jobid, filename="extra.txt")
        self.assertEqual(app.launch_job(jobid), {"jobid": jobid})

        def size() -> Any:
            return [file["size"] for file in app.check_job_state(jobid)["files"] if file["name"] == "output.txt"]

        eventually(size, lambda found: found == ["6"])
        names = [file["name"] for file in app.check_job_state(jobid)["files"]]
        self.assertNotIn("extra.txt", names)
        self.assertEqual(b"".join(app.download_file(jobid, filename="output.txt").iter_content(2)), b"20\n22\n")
        with self.assertRaises(errors.NotFoundError):
            app.download_file(jobid, filename="extra.txt")
        app.cancel_job(jobid)
        eventually(lambda: app.check_job_state(jobid)["state"], lambda state: state == "canceled")

    def test_questions_of_a_sign_in(self) -> None:
        self.tunel.clusters.get("demo")
        clusters = self.tunel.request("app.state")["state"]["clusters"]
        demo = next(each["cluster"] for each in clusters if each["cluster"]["demo"])
        names = ("host", "port", "user", "jumps", "keyFiles")
        known = self.path("asked_known_hosts")
        # Of this host no key is known.
        cluster = self.tunel.clusters.save(
            name="asks", knownHostsFile=known, **{name: demo[name] for name in names}
        )
        with self.assertRaises(errors.SignInNeededError) as caught:
            cluster.connect()
        self.assertIn("tunel clusters connect asks", caught.exception.hint or "")

        asked: List[Any] = []

        def answer(prompt: Any) -> Any:
            asked.append(prompt["kind"])
            if len(asked) == 1:
                raise KeyError("a fault of this program")
            return {"kind": "host-key", "accept": True, "save": False}

        with mock.patch("threading.excepthook") as reported:
            with tunel_client.connect(data_directory=self.data, on_prompt=answer) as asking:
                with self.assertRaises(errors.TunelError) as caught:
                    asking.clusters.get("asks").connect()
                self.assertNotIsInstance(caught.exception, errors.SignInNeededError)
                asking.clusters.get("asks").connect()
                # The next engine asks this program, too, before its first call.
                kill_engine(self.data)
                asking.clusters.get("demo")
                asking.clusters.get("asks").connect()
        self.assertEqual(asked, ["host-key"] * 3)
        self.assertIs(reported.call_args[0][0].exc_type, KeyError)
        cluster.remove()
        if os.path.exists(known):
            os.unlink(known)
        made = self.tunel.request("tokens.create", {"name": "asks", "scopes": ["read"], "clusters": None, "expiresAt": None})
        with self.assertRaises(errors.NotPermittedError):
            tunel_client.connect(data_directory=self.data, token=made["text"], on_prompt=answer)

    def test_a_token_reaches_what_it_allows(self) -> None:
        made = self.tunel.request(
            "tokens.create", {"name": "python", "scopes": ["read"], "clusters": None, "expiresAt": None}
        )
        self.tunel.clusters.get("demo")
        with tunel_client.connect(data_directory=self.data, token=made["text"]) as reader:
            self.assertEqual(reader.clusters.list(), [])
            self.tunel.request("clusters.allowApi", {"id": "demo", "allow": True})
            self.assertEqual([each.id for each in reader.clusters.list()], ["demo"])
            with self.assertRaises(errors.NotPermittedError):
                reader.request("settings.save", {})
        with self.assertRaises(errors.CancelledError):
            reader.status()
        with self.assertRaises(errors.TokenInvalidError):
            tunel_client.connect(data_directory=self.data, token="wrong")


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def answer_of(address: Any) -> bytes:
    with socket.create_connection(("127.0.0.1", address["port"])) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n")
        return opened.recv(1000)


if __name__ == "__main__":
    unittest.main()
