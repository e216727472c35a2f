/** The reference that finds the mail of a user's invitation until it is delivered. */
export const invitationReference = (userId: string): string => `invitation:${userId}`
