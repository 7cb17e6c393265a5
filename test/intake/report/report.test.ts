import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReportWriter } from '../../../src/intake/report/report.ts';

const writer = new ReportWriter({
  fields: ['order_number', 'title', 'tracking_number'],
  dialect: { delimiter: ',', lineEnd: 'lf' },
});

function rowOf(fields: readonly string[] | null, outcome: 'tracked' | 'bad-row', message: string): string {
  return writer.row({ line: 2, fields, outcome, message, orderId: 1, shipmentId: null, trackId: null });
}

describe('A report', () => {
  it('has the columns of the file and what became of each row', () => {
    assert.equal(
      writer.start() + rowOf(['0100', 'Mug', '1Z1'], 'tracked', 'done'),
      '\ufefforder_number,title,tracking_number,trackdrop_line,trackdrop_outcome,trackdrop_message,' +
        'trackdrop_order_id,trackdrop_shipment_id,trackdrop_track_id\r\n' +
        '"=""0100""",Mug,1Z1,2,tracked,done,1,,\r\n',
    );
  });

  it('shows a row with too many cells in its message, since cut to the header it would look whole', () => {
    assert.equal(
      rowOf(['100', 'Acme', 'Inc', '1Z1'], 'bad-row', '4 cells where the header has 3.'),
      ',,,2,bad-row,"4 cells where the header has 3. It reads: 100,Acme,Inc,1Z1",1,,\r\n',
    );
  });

  it('has each message on one line, with nothing in it that a terminal obeys', () => {
    const said = 'Errors:\r\n  A shipment\ncannot be \u001b[2Jcreated\u0000\u202e.\n';
    assert.equal(
      rowOf(['100', 'Mug', '1Z1'], 'bad-row', said),
      '100,Mug,1Z1,2,bad-row,Errors: A shipment cannot be \\u001b[2Jcreated\\u0000\\u202e.,1,,\r\n',
    );
  });

  it('keeps the cells of a row whose surplus ones are empty', () => {
    assert.equal(rowOf(['100', 'Mug', '1Z1', ''], 'tracked', 'done'), '100,Mug,1Z1,2,tracked,done,1,,\r\n');
  });
});
