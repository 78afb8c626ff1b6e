import { afterAll, beforeAll, describe } from 'vitest';
import { openD1 } from '../../src/store/d1.ts';
import { startBindings, type Workerd } from '../worker/workerd.ts';
import { aStore } from './behaviour.ts';

describe('a store on D1', () => {
  let workerd: Workerd;
  beforeAll(() => {
    workerd = startBindings();
  });
  afterAll(() => workerd.close());

  aStore(async (clock) => {
    await workerd.empty();
    return openD1(workerd.db, { clock });
  });
});
