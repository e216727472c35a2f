import { type ComponentProps, lazy, Suspense } from 'react'
import type { CopyButton as Now } from './CopyButton'
import { FailureBoundary } from './FailureBoundary'

const CopyButton = lazy(() => import('./CopyButton').then(part => ({ default: part.CopyButton })))

/** A copy button in a message that few users see, so it loads with the message. */
export const LateCopyButton = (props: ComponentProps<typeof Now>) => (
  // The text is on the screen, so the message is complete without the button.
  <FailureBoundary fallback={() => null}>
    <Suspense>
      <CopyButton {...props} />
    </Suspense>
  </FailureBoundary>
)
