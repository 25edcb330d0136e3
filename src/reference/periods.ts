// The lengths of time that references are divided by.

export const hourMillis = 3_600_000;
export const dayMillis = 86_400_000;
export const hoursOfDay = 24;
