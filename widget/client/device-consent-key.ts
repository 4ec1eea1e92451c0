/** Where the browser keeps what the trader said about recognising it. */
export const consentKey = "truewick-device";
