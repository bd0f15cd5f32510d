/** Attacks the emulator with every kind of request that a page can send. */

const credential = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261130T000000Z" +
  "&X-Amz-SignedHeaders=host&X-Amz-Signature=00&X-Amz-Credential=";
const signed = (key, service) =>
  `${credential}${encodeURIComponent(`${key}/20261130/us-east-1/${service}/aws4_request`)}`;
const role = (key) => `/?Action=CreateRole&Version=2010-05-08&RoleName=evil-${key}` +
  `&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D&${signed(key, "iam")}`;
const code = JSON.stringify({
  FunctionName: "evil", Runtime: "python3.12", Handler: "f.handler", Timeout: 3,
  Role: "arn:aws:iam::000000000000:role/evil-test",
  Code: { ZipFile: "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==" },
});
// A browser sends such a request without asking the server first.
const plain = (path, body = "") => fetch(emulator + path, {
  method: "POST", mode: "no-cors", body,
  headers: { "Content-Type": "text/plain" },
});
const call = (target, headers = {}) => fetch(emulator, {
  method: "POST", body: "{}",
  headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target, ...headers },
});
const element = (name, attributes) => new Promise((done) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.onload = () => done({ type: "loaded" });
  made.onerror = () => done({ type: "failed" });
  document.body.append(made);
});
const socket = () => new Promise((done) => {
  const opened = new WebSocket(`${chat}?name=eve`);
  opened.onopen = () => done({ type: "open" });
  opened.onclose = () => done({ type: "failed" });
});
const attacks = {
  ...Object.fromEntries(["test", "000000000000"].flatMap((key) => [
    [`role by POST as ${key}`, () => plain(role(key))],
    [`role by GET as ${key}`, () => fetch(emulator + role(key), { mode: "no-cors" })],
    [`role by picture as ${key}`, () => element("img", { src: emulator + role(key) })],
    [`role by frame as ${key}`, () => element("iframe", { src: emulator + role(key) })],
    [`function as ${key}`, () => plain(`/2015-03-31/functions?${signed(key, "lambda")}`, code)],
  ])),
  reset: () => plain("/_ministack/reset"),
  config: () => plain("/_ministack/config", '{"lambda_svc.LAMBDA_EXECUTOR": "docker"}'),
  "reset by form": () => element("iframe", {
    srcdoc: `<form method=post action="${emulator}/_ministack/reset"></form>` +
      "<script>document.forms[0].submit()</" + "script>",
  }),
  "read the health": () => fetch(`${emulator}/_ministack/health`),
  "read a table": () => call("DynamoDB_20120810.ListTables"),
  "read a table, signed": () => call("DynamoDB_20120810.ListTables", {
    Authorization: "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00, " +
      "Credential=test/20261130/us-east-1/dynamodb/aws4_request",
  }),
  "sign in": () => call("AWSCognitoIdentityProviderService.InitiateAuth"),
  connect: socket,
};
const results = {};
for (const [name, attack] of Object.entries(attacks))
  results[name] = await attack().then(({ type }) => type, () => "failed");
window.results = results;
