// Built-in template validation costs over a second per stack; test/checks.test.ts turns it on where it is the subject.
process.env.CDK_VALIDATION = 'false';
