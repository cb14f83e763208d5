/** Choosing sound and notifications: nothing is asked before the press, and every answer has its own end. */
import { expect, test, vi } from "vitest";
import { Choices } from "./choices.ts";
import { browserPermission, NotifyModel } from "./notify.ts";

function open(answer: NotificationPermission | Error, before: NotificationPermission | null = "default") {
  const choices = new Choices(() => {
    throw new Error("nothing is kept");
  });
  let [asked, rung, now] = [0, 0, before];
  const permission = {
    now: () => now,
    ask: async () => {
      asked += 1;
      if (answer instanceof Error) throw answer;
      now = answer;
      return answer;
    },
  };
  const again = () => new NotifyModel(choices, permission, () => (rung += 1));
  return { model: again(), again, choices, asked: () => asked, rung: () => rung };
}

test("a sound is on until somebody switches it off, and is heard when it is switched on again", () => {
  const { model, choices, rung, again } = open("granted");
  expect(model.sound.value).toBe(true);
  model.chooseSound(false);
  expect([choices.get("sound"), again().sound.value, rung()]).toEqual(["off", false, 0]);
  model.chooseSound(true);
  expect([choices.get("sound"), model.sound.value, rung()]).toEqual(["on", true, 1]);
});

test("notifications are off before a press, and then as the browser answers", async () => {
  const { model, again, asked, choices } = open("granted");
  expect([model.alerts.value, asked()]).toEqual(["off", 0]);
  const done = model.chooseAlerts(true);
  expect(model.alerts.value).toBe("asking");
  await done;
  expect([model.alerts.value, asked(), again().alerts.value, choices.get("alerts")]).toEqual([
    "on",
    1,
    "on",
    "on",
  ]);
  await model.chooseAlerts(false);
  expect([model.alerts.value, again().alerts.value, asked()]).toEqual(["off", "off", 1]);
});

test.each([
  ["denied", "denied"],
  ["default", "unanswered"],
  [new Error("the page has gone"), "unanswered"],
] as const)("an answer %s leaves them off, and says so", async (answer, stand) => {
  const { model, choices } = open(answer);
  await model.chooseAlerts(true);
  expect([model.alerts.value, choices.get("alerts")]).toEqual([stand, "off"]);
});

test("a browser without notifications, and one that keeps them back, say so at once", () => {
  expect(open("granted", null).model.alerts.value).toBe("none");
  expect(open("granted", "denied").model.alerts.value).toBe("denied");
});

test("a browser that shows no notifications any more offers no switch, whatever was chosen before", () => {
  const { again, choices } = open("granted", null);
  choices.set("alerts", "off");
  expect(again().alerts.value).toBe("none");
});

test("Chrome on Android shows no notifications of pages, though they are allowed", () => {
  const shows = Object.assign(function Shows() {}, { permission: "granted" as const });
  vi.stubGlobal("Notification", shows);
  vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36" });
  expect(browserPermission.now()).toBe("granted");
  vi.stubGlobal("navigator", {
    userAgent: "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0.0.0 Mobile",
  });
  expect(browserPermission.now()).toBe(null);
  vi.unstubAllGlobals();
});

test("permission alone is no choice", () => {
  expect(open("granted", "granted").model.alerts.value).toBe("off");
});
