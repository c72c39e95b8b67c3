/** Campaigns by name; what they did to one contact, and the contact with them. Open: Brevo sends more than is named here. */
import { z } from 'zod'

/** One line for each campaign; an unsubscription by an administrator has none. */
const lineSchema = z.looseObject({
  campaignId: z.union([z.number(), z.string()]).nullish(),
  /** `2016-05-03 20:15:13+00:00` or ISO 8601. */
  eventTime: z.string().nullish(),
})
const linesSchema = z.array(lineSchema).nullish()

/** An empty list stands for nothing in some of Brevo's answers, whatever would stand there otherwise. */
function orEmptyList<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? {} : value), schema)
}

/** {@link https://developers.brevo.com/reference/get-contact-stats} */
export const contactStatisticsSchema = orEmptyList(
  z.looseObject({
    messagesSent: linesSchema,
    delivered: linesSchema,
    opened: linesSchema,
    clicked: linesSchema,
    hardBounces: linesSchema,
    softBounces: linesSchema,
    complaints: linesSchema,
    unsubscriptions: orEmptyList(
      z.looseObject({
        /** By the contact, through the link in an e-mail. */
        userUnsubscription: linesSchema,
        /** By somebody of the account, or through the API. */
        adminUnsubscription: linesSchema,
      }),
    ).nullish(),
  }),
)
export type BrevoContactStatistics = z.infer<typeof contactStatisticsSchema>

/** {@link https://developers.brevo.com/reference/get-email-campaigns} */
export const campaignSchema = z.looseObject({ id: z.number(), name: z.string().nullish() })
export type BrevoCampaign = z.infer<typeof campaignSchema>
