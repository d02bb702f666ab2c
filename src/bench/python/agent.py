"""Updates one child the way thin-edge's example agent does: agent.py PORT CHILD FILE."""
import hashlib
import json
import sys

import paho.mqtt.client as mqtt
import requests

port, child, file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
topics = "tedge/" + child + "/commands/%s/firmware_update"


def on_connect(client, userdata, flags, code):
    client.subscribe(topics % "req", 1)


def on_message(client, userdata, message):
    request = json.loads(message.payload)
    report(client, request, "executing")
    content = requests.get(request["url"]).content
    with open(file, "wb") as image:
        image.write(content)
    matches = hashlib.sha256(content).hexdigest() == request["sha256"]
    report(client, request, "successful" if matches else "failed")


def report(client, request, status):
    client.publish(topics % "res", json.dumps({"id": request["id"], "status": status}), 1)


agent = mqtt.Client(child)
agent.on_connect = on_connect
agent.on_message = on_message
agent.connect("127.0.0.1", port)
agent.loop_forever()
