import { expect, test } from "vitest";
import { fileName, qrSvg } from "./qrFile.ts";

test("a file's name is safe everywhere, and still says what is in it", () => {
  expect(fileName("Table 4", "svg")).toBe("wicketgate-Table-4.svg");
  expect(fileName("../../etc/passwd", "png")).toBe("wicketgate-etc-passwd.png");
  expect(fileName("Müller & Söhne: 7?", "png")).toBe("wicketgate-Müller-Söhne-7.png");
  expect(fileName("\u202Egpj.exe", "png")).toBe("wicketgate-gpj-exe.png");
  expect(fileName("शॉप", "svg")).toBe("wicketgate-शॉप.svg");
  expect(fileName(" /// ", "svg")).toBe("wicketgate.svg");
  expect(fileName("é".repeat(300), "svg")).toHaveLength("wicketgate-.svg".length + 60);
});

test("the SVG stands by itself, dark on light", async () => {
  const text = await qrSvg("https://chat.example.org/").text();
  expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" /);
  expect(text).toContain('fill="white"');
  expect(text).not.toContain("chat.example.org");
});
