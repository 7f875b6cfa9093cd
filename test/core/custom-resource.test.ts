import fc from 'fast-check';
import { ANSWER_LIMIT_BYTES, answerBody, clip, ending, firstStep, isRollback, physicalId, readRequest, type CustomResourceRequest } from '../../lib/core/custom-resource';

const request: CustomResourceRequest = {
  RequestType: 'Create',
  ResponseURL: 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?Signature=SECRET',
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/guardrails/0a1b',
  RequestId: 'request-1',
  LogicalResourceId: 'CheckResource1234',
};

describe('a request of CloudFormation', () => {
  test('is recognized by the fields that an answer needs', () => {
    expect(readRequest(request)).toEqual({ request });
  });

  test.each([undefined, null, 'text', {}, 7])('fails when the event is %j, and names what it lacks', (event) => {
    expect(readRequest(event)).toEqual({ lacks: ['RequestType', 'ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId'] });
  });

  test('fails when a field is empty or no text', () => {
    expect(readRequest({ ...request, ResponseURL: '', StackId: 7 })).toEqual({ lacks: ['ResponseURL', 'StackId'] });
  });

  test('is worked on when something is created or updated', () => {
    expect(firstStep(request)).toEqual({ do: 'work' });
    expect(firstStep({ ...request, RequestType: 'Update' })).toEqual({ do: 'work' });
  });

  test('a deletion that undoes something is worked on, and succeeds whatever comes of it', () => {
    const deletion = { ...request, RequestType: 'Delete' };
    expect(firstStep(deletion, 'undoes-work')).toEqual({ do: 'work' });
    expect(ending(deletion, { do: 'fail', because: 'unreachable' })).toEqual({ do: 'succeed', data: {} });
    expect(ending(request, { do: 'fail', because: 'unreachable' })).toEqual({ do: 'fail', because: 'unreachable' });
  });

  test('a deletion succeeds and touches nothing', () => {
    expect(firstStep({ ...request, RequestType: 'Delete' })).toEqual({ do: 'answer', outcome: { do: 'succeed', data: {} } });
  });

  test('fails when it asks for something unknown', () => {
    expect(firstStep({ ...request, RequestType: 'Destroy' })).toEqual({
      do: 'answer', outcome: { do: 'fail', because: "request type 'Destroy' is unknown; Create, Update and Delete are known" },
    });
  });
});

describe('the physical id', () => {
  test('comes from what never changes about the resource', () => {
    expect(physicalId(request)).toBe('CheckResource1234@arn:aws:cloudformation:eu-central-1:123456789012:stack/guardrails/0a1b');
    expect(physicalId({ ...request, RequestId: 'request-2', ResourceProperties: { InstanceIdentifier: 'other' } })).toBe(physicalId(request));
  });

  test('stays what CloudFormation knows it as', () => {
    expect(physicalId({ ...request, RequestType: 'Update', PhysicalResourceId: 'known' })).toBe('known');
  });

  test('is shorter than CloudFormation allows', () => {
    expect(physicalId({ ...request, LogicalResourceId: 'L'.repeat(255), StackId: `arn:aws:cloudformation:ap-southeast-99:123456789012:stack/${'s'.repeat(128)}/${'u'.repeat(36)}` }).length).toBeLessThan(1024);
  });
});

describe('an answer', () => {
  const about = {
    PhysicalResourceId: physicalId(request), StackId: request.StackId, RequestId: 'request-1', LogicalResourceId: 'CheckResource1234',
  };

  test('of success carries the data', () => {
    expect(JSON.parse(answerBody(request, { do: 'succeed', data: { Warnings: 'none' } }))).toEqual({ Status: 'SUCCESS', ...about, Data: { Warnings: 'none' } });
  });

  test('of failure carries the reason', () => {
    expect(JSON.parse(answerBody(request, { do: 'fail', because: 'no backups' }))).toEqual({ Status: 'FAILED', Reason: 'no backups', ...about });
  });

  test('is never longer than CloudFormation reads, and holds as much as fits', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 6000 }), fc.boolean(), (text, ok) => {
      const body = answerBody(request, ok ? { do: 'succeed', data: { A: text, B: text } } : { do: 'fail', because: text });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(ANSWER_LIMIT_BYTES);
      expect(JSON.parse(body)).toMatchObject(about);
    }), { numRuns: 50 });
    const long = answerBody(request, { do: 'fail', because: 'x'.repeat(9000) });
    expect(Buffer.byteLength(long)).toBeGreaterThan(ANSWER_LIMIT_BYTES - 200);
  });

  test('never holds the URL that it goes to', () => {
    expect(answerBody(request, { do: 'fail', because: 'x' })).not.toContain('SECRET');
  });
});

test.each<[string | undefined, boolean]>([
  ['UPDATE_ROLLBACK_IN_PROGRESS', true], ['ROLLBACK_IN_PROGRESS', true], ['IMPORT_ROLLBACK_IN_PROGRESS', true],
  ['UPDATE_IN_PROGRESS', false], ['CREATE_IN_PROGRESS', false], ['UPDATE_ROLLBACK_FAILED', false], ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false], [undefined, false],
])('a stack in %s is going back: %s', (status, goingBack) => {
  expect(isRollback(status)).toBe(goingBack);
});

test('a text that is cut shows it', () => {
  expect([clip('abcdef', 6), clip('abcdef', 5), clip('abcdef', 2), clip('abcdef', 0)]).toEqual(['abcdef', 'ab...', 'ab', '']);
});
