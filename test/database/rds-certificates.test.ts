import { X509Certificate } from 'node:crypto';
import { certificateAuthorities } from '../../lib/database/rds-certificates';

const REGIONS = [
  'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1',
  'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3',
  'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4',
  'af-south-1', 'me-central-1', 'me-south-1',
];

describe.each(REGIONS)('the certificate authorities of RDS in %s', (region) => {
  const found = certificateAuthorities(region).map((pem) => new X509Certificate(pem));

  test('are the three of the current generation: for RSA 2048, RSA 4096 and ECC 384', () => {
    expect(found.map(({ subject }) => /^CN=(.*)$/m.exec(subject)![1]).sort()).toEqual(
      ['ECC384', 'RSA2048', 'RSA4096'].map((kind) => `Amazon RDS ${region} Root CA ${kind} G1`),
    );
  });

  test('are authorities, signed by themselves, valid today and for a year to come', () => {
    const inAYear = Date.now() + 365 * 24 * 3600 * 1000;
    for (const certificate of found) {
      expect(certificate.ca).toBe(true);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
      expect(Date.parse(certificate.validTo)).toBeGreaterThan(inAYear);
    }
  });
});

test.each(['xx-nowhere-1', '', 'Beta us-east-1', 'us-east', '.*', 'Preview us-east-2'])("there are none for a Region called '%s'", (region) => {
  expect(certificateAuthorities(region)).toEqual([]);
});
