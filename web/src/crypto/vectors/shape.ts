/** The shape of the shared test vectors. Bytes are base64url text unless said otherwise; ids are UUID text. */
export interface Vectors {
  readonly kdf: readonly { secret: string; purpose: string; context: string; out: string }[];
  readonly chatRef: readonly { partnerId: string; chatId: string; out: string }[];
  readonly fingerprint: readonly { publicKey: string; out: string }[];
  readonly identity: readonly { seed: string; publicKey: string }[];
  readonly certificate: readonly {
    partnerId: string;
    identitySeed: string;
    epoch: number;
    notBefore: number;
    notAfter: number;
    publicKey: string;
    signature: string;
  }[];
  readonly password: readonly {
    password: string;
    salt: string;
    rounds: number;
    auth: string;
    wrap: string;
  }[];
  readonly recovery: readonly { code: string; auth: string; wrap: string }[];
  readonly agentWrap: readonly {
    kdfId: number;
    key: string;
    agentId: string;
    nonce: string;
    seed: string;
    identity: string;
    out: string;
  }[];
  readonly keyring: readonly {
    partnerId: string;
    agentId: string;
    agentSeed: string;
    plain: string;
    sealed: string;
    parsed: {
      generation: number;
      identitySeed: string;
      firstIdentity: string;
      successions: { identity: string; signature: string }[];
      epochs: { epoch: number; notBefore: number; notAfter: number; seed: string; signature: string }[];
      roster: { agentId: string; kem: string; sign: string }[];
    };
  }[];
  readonly link: readonly {
    linkId: string;
    partnerId: string;
    chatId: string;
    chatRef: string;
    r: string;
    epoch: number;
    inboxPublic: string;
    identityPublic: string;
    fixed: string;
    f: string;
    blob: string;
    proof: string;
    proofHash: string;
    fragment: string;
  }[];
  readonly vault: readonly {
    kind: number;
    linkId: string;
    f: string;
    label: string;
    deskKey?: string | null;
    nonce?: string | null;
    epoch?: number | null;
    inboxSeed?: string | null;
    out: string;
  }[];
  readonly redeem: readonly {
    kind: string;
    chatRef: string;
    linkId: string;
    f?: string | null;
    inboxSeed: string;
    inboxPublic: string;
    enc: string;
    root: string;
  }[];
  readonly message: readonly {
    root: string;
    chatRef: string;
    seat: number;
    role: number;
    cid: string;
    n: number;
    transcript: string;
    nonce: string;
    json: string;
    key: string;
    body: string;
  }[];
  readonly transcript: readonly {
    chatRef: string;
    seat: number;
    enc: string;
    start: string;
    messages: { n: number; role: number; cid: string; body: string; out: string }[];
  }[];
  readonly words: readonly { root: string; words: string[] }[];
  readonly apiKey: readonly { text: string; id: string; secret: string; fingerprint: string | null }[];
}
