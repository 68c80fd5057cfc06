"""A small client of the W3C WebDriver protocol, for Chromium through chromedriver.

Only Python's standard library is used, so that a test in a browser needs nothing but Debian's
`chromium` and `chromium-driver`.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Shift": "\ue008",
    "End": "\ue010", "Home": "\ue011",
}


class WebDriverError(Exception):
    """What the browser's driver refused."""


class Browser:
    """A headless Chromium; use it in a `with` statement."""

    def __init__(self, width=1280, height=900, dark=False):
        self.profile = tempfile.mkdtemp(prefix="rdbench-browser-")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.session = None
        for line in self.driver.stdout:
            match = re.search(r"started successfully on port (\d+)", line)
            if match:
                self.base = f"http://127.0.0.1:{match[1]}"
                break
        else:
            raise WebDriverError("chromedriver did not start")
        arguments = [
            "--headless=new", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
            f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ]
        if dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        # Chromium's sandbox does not work for root, as in a container.
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": arguments}}}})
        self.session = answer["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            if self.session:
                self.call("DELETE", f"/session/{self.session}")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, path, body=None):
        """One request; the value of its answer."""
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.base + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise WebDriverError(json.load(error)["value"]["message"]) from None

    def command(self, method, path, body=None):
        return self.call(method, f"/session/{self.session}{path}", body)

    def open(self, url):
        self.command("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """Runs the body of a JavaScript function and returns what it returns."""
        return self.command("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.command("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.command("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self.command("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def choose(self, selector, text):
        """Chooses the option of a select by its text."""
        done = self.run(
            """const [select, text] = [document.querySelector(arguments[0]), arguments[1]];
            const option = [...select.options].find((option) => option.text === text);
            if (!option) return [...select.options].map((option) => option.text);
            select.value = option.value;
            select.dispatchEvent(new Event("change", {bubbles: true}));
            return true;""", selector, text)
        if done is not True:
            raise WebDriverError(f"{selector} has no option {text}, it has {done}")

    def press(self, *keys):
        """Presses keys one after the other; `Shift+ArrowLeft` holds Shift."""
        actions = []
        for key in keys:
            parts = [KEYS.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            actions += [{"type": "keyDown", "value": part} for part in parts]
            actions += [{"type": "keyUp", "value": part} for part in reversed(parts)]
        self.command("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def drag(self, start, end):
        """Drags the mouse between two places in the window; the same place twice just points there."""
        (x0, y0), (x1, y1) = start, end
        def move(x, y):
            return {"type": "pointerMove", "duration": 50, "x": round(x), "y": round(y)}
        moves = [move(x0, y0)]
        if start != end:
            moves += [{"type": "pointerDown", "button": 0}, move((x0 + x1) / 2, (y0 + y1) / 2),
                      move(x1, y1), {"type": "pointerUp", "button": 0}]
        self.command("POST", "/actions", {"actions": [
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves}]})

    def box(self, selector):
        """Where an element is in the window, after scrolling it into view: x, y, width, height."""
        return self.run(
            """const element = document.querySelector(arguments[0]);
            element.scrollIntoView({block: "center"});
            const box = element.getBoundingClientRect();
            return [box.x, box.y, box.width, box.height];""", selector)

    def complaints(self):
        """What the console holds since the last call, warnings and errors."""
        entries = self.command("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("WARNING", "SEVERE")]

    def screenshot(self, path):
        """The whole page as a PNG file."""
        picture = self.command("POST", "/goog/cdp/execute", {
            "cmd": "Page.captureScreenshot", "params": {"format": "png", "captureBeyondViewport": True}})
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def pdf(self, path):
        """The page as it is printed."""
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.command("POST", "/print", {})))
