import sharp from 'sharp';
import { describe } from 'vitest';
import { jpeg, lie, png } from '../origin/answer.ts';
import { perturb, picture } from '../origin/pictures.ts';
import { robots } from '../origin/selectors.ts';
import { scenario } from '../scenario.ts';

const truth = await picture(1, 256);
const other = await picture(2, 256);
const recoded = await sharp(truth).jpeg({ quality: 85 }).toBuffer();
const perturbed = await perturb(truth, 16 / 255, 3);

describe('pictures', () => {
  scenario('a still picture passes as clean, octet by octet')
    .origin({ '/a.png': () => png(truth) })
    .ask('/a.png')
    .expect({ verdict: 'clean', body: truth });

  scenario('robots are given another picture')
    .origin({ '/a.png': lie(robots, png(other), png(truth)) })
    .ask('/a.png')
    .expect({ verdict: 'poisoned', status: 410, quorum: /^0\//, kinds: ['split-view.image'] });

  scenario('robots are given the same picture in another format')
    .origin({ '/a.png': lie(robots, jpeg(recoded), png(truth)) })
    .ask('/a.png')
    .expect({ verdict: 'clean', action: 'pass' });

  scenario('robots are given the picture with a perturbation of 16/255')
    .origin({ '/a.png': lie(robots, png(perturbed), png(truth)) })
    .ask('/a.png')
    .expect({ status: 410, kinds: ['image.pair-residual'] });
});
