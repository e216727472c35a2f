import { useFormikContext } from 'formik'
import { FollowSaved } from '../forms/FollowSaved'
import { useLocale } from '../messages/use-locale'
import { LeaveGuard } from '../ui/LeaveGuard'

interface Props<Values> {
  /** The saved settings, as values of the form. */
  saved: Values
  isSame: (one: Values, other: Values) => boolean
}

/**
 * Protects the changes of a form of settings: asks before the user leaves the page. Without changes,
 * the form shows what another administrator saves.
 */
export const UnsavedSettings = <Values extends object>({ saved, isSame }: Props<Values>) => {
  const { t } = useLocale()
  const form = useFormikContext<Values>()
  return (
    <>
      <LeaveGuard
        when={form.dirty}
        saving={form.isSubmitting}
        title={t('ui.leaveGuard.title')}
        message={t('settings.page.leaveMessage')}
      />
      <FollowSaved saved={saved} isSame={isSame} />
    </>
  )
}
