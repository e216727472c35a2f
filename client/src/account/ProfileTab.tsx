import { BasicInfoTab } from '../users/BasicInfoTab'
import { DataCard } from './DataCard'
import { DeleteAccountCard } from './DeleteAccountCard'
import { useMyAccount } from './MyAccountPage'
import { ShortcutCard } from './ShortcutCard'

/** The user's own profile, the data that Rekey stores about the user, and the end of the account. */
export const ProfileTab = () => {
  const { user, dialog } = useMyAccount()
  return (
    <>
      <BasicInfoTab user={user} pencil={dialog.pencil} onChangePassword={dialog.open} />
      <ShortcutCard />
      <DataCard />
      <DeleteAccountCard />
    </>
  )
}
