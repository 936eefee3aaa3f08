"""A registry that gives out one image (a docker-archive) under any name, in the protocol of the OCI distribution API.

registry.py ARCHIVE PORT_FILE LOG: listens on a free port of 127.0.0.1 and writes the port down. Names choose how it behaves:
`absent/...` is not there, `private/...` needs a sign-in, `slow/...` gives out its layer a little at a time. Each request is
a line in LOG.
"""

import hashlib
import http.server
import json
import os
import sys
import tarfile
import time

archive = tarfile.open(sys.argv[1])
listed = json.load(archive.extractfile("manifest.json"))[0]


def digest(member):
    sha = hashlib.sha256()
    with archive.extractfile(member) as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            sha.update(part)
    return "sha256:" + sha.hexdigest()


def descriptor(kind, member):
    size = archive.getmember(member).size
    return {"mediaType": "application/vnd.oci.image." + kind, "digest": digest(member), "size": size}


config = descriptor("config.v1+json", listed["Config"])
layers = [descriptor("layer.v1.tar", layer) for layer in listed["Layers"]]
members = {config["digest"]: listed["Config"]}
members.update((layer["digest"], member) for layer, member in zip(layers, listed["Layers"]))
TYPE = "application/vnd.oci.image.manifest.v1+json"
manifest = json.dumps({"schemaVersion": 2, "mediaType": TYPE, "config": config, "layers": layers}).encode()
manifest_digest = "sha256:" + hashlib.sha256(manifest).hexdigest()


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        with open(sys.argv[3], "a") as log:
            log.write("%s %s\n" % (self.command, self.path))

    def refuse(self, status, code):
        body = json.dumps({"errors": [{"code": code, "message": code.lower().replace("_", " ")}]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        parts = self.path.split("/")
        if self.path == "/v2/":
            return self.give(b"{}", "application/json", None)
        if "/absent/" in self.path:
            return self.refuse(404, "MANIFEST_UNKNOWN")
        if "/private/" in self.path:
            return self.refuse(401, "UNAUTHORIZED")
        if parts[-2] == "manifests":
            return self.give(manifest, TYPE, manifest_digest)
        if parts[-2] == "blobs" and parts[-1] in members:
            return self.give_member(members[parts[-1]], parts[-1])
        return self.refuse(404, "NAME_UNKNOWN")

    do_HEAD = do_GET

    def head(self, length, kind, digest):
        self.send_response(200)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Length", str(length))
        self.send_header("Content-Type", kind)
        if digest:
            self.send_header("Docker-Content-Digest", digest)
        self.end_headers()

    def give(self, body, kind, digest):
        self.head(len(body), kind, digest)
        if self.command == "GET":
            self.wfile.write(body)

    def give_member(self, member, digest):
        self.head(archive.getmember(member).size, "application/octet-stream", digest)
        if self.command == "HEAD":
            return
        slow = "/slow/" in self.path and member != listed["Config"]
        with tarfile.open(sys.argv[1]) as own, own.extractfile(member) as file:
            for number, part in enumerate(iter(lambda: file.read(1 << 20), b"")):
                self.wfile.write(part)
                if slow:
                    # After the first parts so slow that a test that waited for all of them would wait in vain.
                    time.sleep(0.5 if number < 20 else 5)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
with open(sys.argv[2] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
