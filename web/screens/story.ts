/** What is said in the pictures: a joiner's workshop and its customers. */
import type { Thread } from "../e2e/support/people.ts";

/** The business. */
export const WORKSHOP = {
  name: "Alder & Daughters",
  email: "mara@alder-joinery.example",
  password: "a drawer that closes softly",
};

/** The order that the long conversation is about. */
export const ORDER = "order-4711";

const TALK = [
  ["customer", "Hello, this is about the oak table, order 4711."],
  ["customer", "Could the corners be rounded a little? We have a small child."],
  ["partner", "Of course! The top is glued up, so this is the right moment."],
  ["partner", "Would 20 mm do? That's about the edge of a cup."],
  ["customer", "Perfect, 20 mm it is."],
  [
    "partner",
    "Then it stays at € 1,480, and you can fetch it on Friday from two o'clock. This is the way to the yard: https://alder-joinery.example/yard",
  ],
  ["customer", "Wonderful, thank you. See you on Friday!"],
] as const;

/** Lets both say their lines, each after the other has come across. */
export async function talk(customer: Thread, partner: Thread, lines: number = TALK.length): Promise<void> {
  for (const [from, words] of TALK.slice(0, lines)) {
    const [speaker, listener] = from === "customer" ? [customer, partner] : [partner, customer];
    await said(speaker, words);
    await listener.log
      .locator(".message-text")
      .filter({ hasText: words.slice(0, 30) })
      .waitFor();
  }
}

/** Sends what may hold a link, which is more than one element. */
async function said(speaker: Thread, words: string): Promise<void> {
  await speaker.composer.fill(words);
  await speaker.page.getByRole("button", { name: "Send", exact: true }).click();
}

/** The same order, between people who write Arabic. */
export const TALK_IN_ARABIC = [
  ["customer", "مرحبًا، أكتب إليكم بخصوص طاولة البلوط، الطلب 4711."],
  ["customer", "هل يمكن تدوير الزوايا قليلًا؟ لدينا طفل صغير."],
  ["partner", "بالطبع! لم يُصقل سطح الطاولة بعد، فهذا هو الوقت المناسب."],
  ["partner", "هل تكفي 20 مم؟ هذا مثل حافة الفنجان تقريبًا."],
  ["customer", "ممتاز، لتكن 20 مم."],
  [
    "partner",
    "يبقى السعر إذًا 1,480 €، ويمكنك استلامها يوم الجمعة من الساعة الثانية. هذا هو الطريق إلى الورشة: https://alder-joinery.example/yard",
  ],
  ["customer", "رائع، شكرًا جزيلًا. إلى اللقاء يوم الجمعة!"],
] as const;
