#!/usr/bin/env python3
"""A bot that says back what customers say: each message once, whatever is killed in between.

    python3 echo.py wicketgate chat attend --json --name echo --server URL --email E --password-file FILE
"""

import json
import subprocess
import sys
import uuid

# A bot of your own draws a namespace of its own, once.
NAMESPACE = uuid.UUID("6f0d3c1e-52b7-4f7e-9a42-1d1f0f4a7c55")


def answer(event):
    """The same message always gets the same answer under the same name, so that saying it again doubles nothing."""
    return {
        "chatId": event["chatId"],
        "text": "You said: " + event["text"],
        "cid": str(uuid.uuid5(NAMESPACE, f"{event['chatId']}/{event['seq']}")),
        # Dealt with as soon as the answer is acknowledged, and not before.
        "seen": event["seq"],
    }


def main():
    client = subprocess.Popen(
        sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )

    def write(line):
        client.stdin.write(json.dumps(line) + "\n")
        client.stdin.flush()

    for line in client.stdout:
        event = json.loads(line)
        if event["event"] == "message":
            # Colleagues are not answered, and neither is what was dealt with before.
            if event["from"] == "customer" and "seen" not in event:
                write(answer(event))
        elif event["event"] == "problem":
            print(event["code"], event["error"], file=sys.stderr)
            if "seq" in event:
                # A message that can't be read is dealt with, too.
                write({"chatId": event["chatId"], "seen": event["seq"]})
    return client.wait()


if __name__ == "__main__":
    sys.exit(main())
