import { BasicInfoTab } from '../users/BasicInfoTab'
import { DataCard } from './DataCard'
import { useMyAccount } from './MyAccountPage'

/** The user's own profile, and the data that Rekey stores about the user. */
export const ProfileTab = () => {
  const { user, dialog } = useMyAccount()
  return (
    <>
      <BasicInfoTab user={user} pencil={dialog.pencil} onChangePassword={dialog.open} />
      <DataCard />
    </>
  )
}
