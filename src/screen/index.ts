/** Screens: what a view says about itself, and a picture beside other copies of it. */
export { createExaminer, type ExaminerTools } from './in-place.ts';
