import { useMutation } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { notifyFailure, notifySuccess } from '../ui/notify'
import { CancelOwnDeletion } from './own-deletion'

/** Undoes the request to delete the account. */
export const KeepAccountButton = () => {
  const { t } = useLocale()
  const [cancel, { loading }] = useMutation(CancelOwnDeletion)
  const keep = async () => {
    try {
      await cancel()
      notifySuccess(t('account.deletion.kept'))
    } catch (failure) {
      notifyFailure(t('account.deletion.notKept'), describeFailure(t, failure))
    }
  }
  return (
    <Button variant="default" loading={loading} onClick={() => void keep()}>
      {t('account.deletion.keep')}
    </Button>
  )
}
