import { notifications } from '@mantine/notifications'
import { IconCheck, IconX } from '@tabler/icons-react'
import { describeFailure } from './describe-failure'
import { OutcomeUnknown } from './outcome-unknown'

const common = {
  closeButtonProps: { 'aria-label': 'Close' },
  // Its own colour is too pale to be read (WCAG 2.2, 1.4.3).
  styles: { description: { color: 'var(--mantine-color-dimmed)' } },
}

/** Tells that something went well. */
export const notifySuccess = (title: string, message?: string): void => {
  notifications.show({
    color: 'rekey',
    icon: <IconCheck size={18} aria-hidden />,
    title,
    message,
    ...common,
  })
}

/** Tells that something did not go well, to someone who is no longer where it began. */
export const notifyFailure = (title: string, message: string): void => {
  notifications.show({
    color: 'red',
    icon: <IconX size={18} aria-hidden />,
    title,
    message,
    ...common,
  })
}

/**
 * Tells of a request that failed, to someone who is no longer where it began.
 *
 * @param title what was not done. If nobody knows that, another title says so.
 * @param whenUnknown as in {@link describeFailure}.
 */
export const notifyProblem = (title: string, problem: unknown, whenUnknown?: string): void => {
  const unknown = problem instanceof OutcomeUnknown
  notifyFailure(unknown ? 'No answer' : title, describeFailure(problem, whenUnknown))
}
