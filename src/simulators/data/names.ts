/** Names of invented people and companies, Korean and international, with Latin spellings for addresses. Data only. */

export type NamePart = { name: string; latin: string }

const pairs = (text: string): NamePart[] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [name = '', latin] = pair.split(':')
      return { name, latin: latin ?? name.toLowerCase() }
    })

export const KOREAN_SURNAMES = pairs(
  '김:kim 이:lee 박:park 최:choi 정:jung 강:kang 조:cho 윤:yoon 장:jang 임:lim 한:han 오:oh 서:seo 신:shin 권:kwon 황:hwang',
)
export const KOREAN_GIVEN = pairs(
  '민준:minjun 서연:seoyeon 도윤:doyun 지우:jiwoo 하준:hajun 서현:seohyun 지호:jiho 수아:sua 은우:eunwoo 하은:haeun 시우:siwoo 예린:yerin 유진:yujin 현우:hyunwoo 다은:daeun 준서:junseo 소율:soyul 태민:taemin 나연:nayeon 건우:gunwoo',
)
export const FIRST_NAMES = pairs(
  'Amelia Noah Sofia Liam Ingrid Mateo Chloé:chloe Lucas Hana Oliver Zoë:zoe Jonas Priya Daniel Aiko Ethan Fatima Henrik Yara Tomás:tomas Grace Elias Linh Marta',
)
export const LAST_NAMES = pairs(
  "Novak Silva Berg Okafor Müller:mueller Rossi Tanaka Nguyen Larsen Haddad Dubois Costa O'Brien:obrien Kowalski Andersson Patel Weber Moreau Santos Fischer Ivanova Park Meyer Lindqvist",
)

export type CompanyName = { name: string; domain: string; country: 'KR' | 'US' | 'DE' | 'SE' | 'FR' | 'JP' }

/** Believable clients of a marketing agency. */
export const CLIENTS: readonly CompanyName[] = [
  { name: '한빛스튜디오', domain: 'hanbit-studio.example', country: 'KR' },
  { name: '바다커피로스터스', domain: 'bada-coffee.example', country: 'KR' },
  { name: '서울그린에너지', domain: 'seoul-green.example', country: 'KR' },
  { name: '모두의집 인테리어', domain: 'moduzip.example', country: 'KR' },
  { name: '누리소프트', domain: 'nurisoft.example', country: 'KR' },
  { name: 'Harbour & Pine', domain: 'harbourpine.example', country: 'US' },
  { name: 'Copperleaf Outdoor', domain: 'copperleaf.example', country: 'US' },
  { name: 'Bluebird Dental Group', domain: 'bluebird-dental.example', country: 'US' },
  { name: 'Nordlicht Möbel', domain: 'nordlicht-moebel.example', country: 'DE' },
  { name: 'Kestrel Robotics', domain: 'kestrel-robotics.example', country: 'DE' },
  { name: 'Fjällström Kläder', domain: 'fjallstrom.example', country: 'SE' },
  { name: 'Maison Colline', domain: 'maison-colline.example', country: 'FR' },
  { name: '青葉製作所', domain: 'aoba-works.example', country: 'JP' },
]

export const COMPANY_WORDS = [
  'Amber',
  'Birch',
  'Cobalt',
  'Delta',
  'Ember',
  'Falcon',
  'Granite',
  'Hanul',
  'Indigo',
  'Juniper',
  'Koryo',
  'Lumen',
  'Mirae',
  'Nova',
  'Onyx',
  'Prism',
  'Quartz',
  'Ridge',
  'Saebyeok',
  'Tidal',
]
export const COMPANY_KINDS = [
  'Foods',
  'Labs',
  'Logistics',
  'Media',
  'Partners',
  'Retail',
  'Studio',
  'Systems',
  'Travel',
  'Works',
]
export const INDUSTRIES = [
  'Retail',
  'Software',
  'Hospitality',
  'Healthcare',
  'Education',
  'Manufacturing',
  '식음료',
]
export const SERVICES = [
  'Brand refresh',
  'Website relaunch',
  'Newsletter programme',
  'Autumn campaign',
  'Search advertising',
  'Photo production',
  '신제품 출시 캠페인',
  'SNS 콘텐츠 운영',
]
