/** What the reports say, as data: one record per language, of the same shape. */

import type { ReportLanguage } from "./report-data.js";
import type { ReportTexts } from "./report-texts.js";
import { englishTexts } from "./texts-en.js";
import { chineseTexts } from "./texts-zh.js";

export const reportTexts: Readonly<Record<ReportLanguage, ReportTexts>> = { en: englishTexts, zh: chineseTexts };
