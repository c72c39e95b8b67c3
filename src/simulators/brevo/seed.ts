/** What a simulated Brevo account holds at the start. Plain data: no behaviour, no randomness, no clock. */

export type BrevoAttributeCategory = 'normal' | 'transactional' | 'category' | 'calculated' | 'global'

export type BrevoAttributeType =
  | 'text'
  | 'date'
  | 'float'
  | 'boolean'
  | 'id'
  | 'category'
  | 'multiple-choice'
  | 'user'

/** One contact attribute, in the vendor's own shape. */
export type BrevoAttribute = {
  /** Upper case. */
  name: string
  category: BrevoAttributeCategory
  /** Absent on calculated and global attributes. */
  type?: BrevoAttributeType
  /** The formula of a calculated or global attribute. */
  calculatedValue?: string
  /** The choices of a category attribute: `value` is the id a contact may carry, `label` what people read. */
  enumeration?: { value: number | string; label: string }[]
  /** The options of a multiple-choice attribute. */
  multiCategoryOptions?: string[]
}

export type BrevoAttributeValue = string | number | boolean | string[]

/**
 * One contact. Unlike the API, a seed is taken as it stands: phones as digits, categories as labels, list ids that
 * exist, identifiers that no other contact has. A seed that breaks this is refused with an error at creation.
 */
export type BrevoSeedContact = {
  /** Default: the next free id, counted from 1. */
  id?: number
  /** Lower case. Without it the contact gets Brevo's synthetic address if it has an SMS number. */
  email?: string
  ext_id?: string
  /** SMS, WHATSAPP and LANDLINE_NUMBER are digits with the country code, without `+`. */
  attributes?: Record<string, BrevoAttributeValue>
  listIds?: number[]
  emailBlacklisted?: boolean
  smsBlacklisted?: boolean
  whatsappBlacklisted?: boolean
  /** ISO 8601. Default: the simulator's start. */
  createdAt?: string
  modifiedAt?: string
  /** In the order of time. */
  touches?: BrevoSeedTouch[]
}

/** What a campaign did to a contact in the past. */
export type BrevoSeedTouch = {
  event: 'delivered' | 'opened' | 'click'
  campaignId: number
  /** ISO 8601. */
  at: string
  /** Only for `click`. */
  url?: string
}

/** A campaign that was sent. */
export type BrevoSeedCampaign = { id: number; name: string; sentAt: string }

export type BrevoSeedAccount = {
  /** The owner's login; the API refuses to delete this contact. */
  email: string
  firstName: string
  lastName: string
  companyName: string
  address: { street: string; city: string; zipCode: string; country: string }
  /** Emails left this month; default 5000. */
  credits?: number
}

export type BrevoSeed = {
  account: BrevoSeedAccount
  /** Usually `[...standardAttributes(), ...your own]`. */
  attributes: BrevoAttribute[]
  folders: { id: number; name: string }[]
  lists: { id: number; name: string; folderId: number }[]
  segments?: {
    id: number
    segmentName: string
    categoryName: string
    updatedAt: string
    /** Who is in it; default nobody. */
    contactIds?: number[]
  }[]
  contacts: BrevoSeedContact[]
  campaigns?: BrevoSeedCampaign[]
}

/**
 * The attributes a fresh account starts with. FIRSTNAME, LASTNAME, SMS, EXT_ID, WHATSAPP and LANDLINE_NUMBER are
 * documented as identifiers or in examples (https://developers.brevo.com/reference/create-contact); DOUBLE_OPT-IN,
 * JOB_TITLE, LINKEDIN, CONTACT_TIMEZONE and the three global counters are what such accounts were seen to hold and are not documented.
 */
export function standardAttributes(): BrevoAttribute[] {
  const text = (name: string): BrevoAttribute => ({ name, category: 'normal', type: 'text' })
  const counter = (name: string, formula: string): BrevoAttribute => ({
    name,
    category: 'global',
    calculatedValue: formula,
  })
  return [
    text('LASTNAME'),
    text('FIRSTNAME'),
    text('SMS'),
    text('EXT_ID'),
    text('LANDLINE_NUMBER'),
    text('WHATSAPP'),
    text('CONTACT_TIMEZONE'),
    text('JOB_TITLE'),
    text('LINKEDIN'),
    {
      name: 'DOUBLE_OPT-IN',
      category: 'category',
      type: 'category',
      enumeration: [
        { value: 1, label: 'Yes' },
        { value: 2, label: 'No' },
      ],
    },
    counter('BLACKLIST', 'COUNT[BLACKLISTED,BLACKLISTED,<,NOW()]'),
    counter('READERS', 'COUNT[READERS,READERS,<,NOW()]'),
    counter('CLICKERS', 'COUNT[CLICKERS,CLICKERS,<,NOW()]'),
  ]
}

/** A fresh account with one folder, one list (id 2, as the vendor's first list) and nobody in it. */
export function emptyBrevoSeed(): BrevoSeed {
  return {
    account: {
      email: 'owner@example.com',
      firstName: 'Olive',
      lastName: 'Owner',
      companyName: 'Example Ltd',
      address: { street: '1 Example Street', city: 'Exeter', zipCode: 'EX1 1AA', country: 'United Kingdom' },
    },
    attributes: standardAttributes(),
    folders: [{ id: 1, name: 'Your first folder' }],
    lists: [{ id: 2, name: 'Your first list', folderId: 1 }],
    contacts: [],
  }
}
