/**
 * The number of times a test repeats its proof. The files that call this function are named
 * `*.proof.test.ts`.
 *
 * @param usual the count in `npm test`.
 * @param proof the count in `npm run test:proofs`.
 */
export const repetitions = (usual: number, proof: number): number =>
  process.env.TEST_PROOFS === '1' ? proof : usual
