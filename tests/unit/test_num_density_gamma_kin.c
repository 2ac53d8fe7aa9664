/* test_num_density_gamma_kin.c - the families built on the gamma and beta functions, at extreme arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values were computed with 60 digits for the doubles that the decimals denote; `cond` says how far rounding of
 * argument and parameters moves them, in units of that rounding. */
#include <math.h>
#include <string.h>

#include "density.h"
#include "num/init.h"
#include "num/quadrature.h"
#include "num/special.h"
#include "num/stats.h"
#include "unit.h"

/* --- Values -------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
  const char *family, *quantity;
  double p[3], x, value, cond;
} facts[] = {
    {"StudentT", "logpdf", {2.385, 0.37, 1.7}, -45.5, -11.24038217570251584806, 0.96},
    {"StudentT", "pdf", {2.385, 0.37, 1.7}, 3.1, 0.06127720499420705941054, 3.1},
    {"StudentT", "cdf", {2.385, 0.37, 1.7}, -1e+60, 1.851630949859783147997e-143, 331.0},
    {"StudentT", "sf", {2.385, 0.37, 1.7}, 1e+40, 9.280137934588539417059e-96, 221.0},
    {"StudentT", "logcdf", {2.385, 0.37, 1.7}, 5.5, -0.03877409544502820445356, 5.64},
    {"StudentT", "logsf", {2.385, 0.37, 1.7}, -5.5, -0.02933109056364304378032, 5.71},
    {"StudentT", "logpdf", {0.001, 0.0, 1.0}, 1e+250, -583.8269685951888266629, 0.00244},
    {"StudentT", "pdf", {0.001, 0.0, 1.0}, -1e+100, 3.955206409037788087886e-104, 1.77},
    {"StudentT", "cdf", {0.001, 0.0, 1.0}, -1e+290, 0.2553695744700221382337, 0.673},
    {"StudentT", "sf", {0.001, 0.0, 1.0}, 1e+200, 0.3141732124861150659684, 0.466},
    {"StudentT", "logcdf", {0.001, 0.0, 1.0}, 1e+280, -0.3028876210802764071485, 0.76},
    {"StudentT", "logsf", {0.001, 0.0, 1.0}, -2.385, -0.6881563568892565749894, 0.00937},
    {"StudentT", "logpdf", {2385.5, -4.5, 0.01}, -4.63, -77.98916731892569225826, 144.0},
    {"StudentT", "pdf", {2385.5, -4.5, 0.01}, -4.4, 2.089442841581968924295e-20, 8.64e+3},
    {"StudentT", "logcdf", {2385.5, -4.5, 0.01}, -4.6, -52.19124834837943533356, 171.0},
    {"StudentT", "logsf", {2385.5, -4.5, 0.01}, -4.49, -1.840702061742465514505, 745.0},
    {"StudentT", "logpdf", {10000000000.0, 0.0, 1.0}, -7.5, -29.0439384569406105305, 3.84},
    {"StudentT", "pdf", {10000000000.0, 0.0, 1.0}, 0.37, 0.372548319336244145239, 1.0},
    {"StudentT", "cdf", {10000000000.0, 0.0, 1.0}, -3.1, 0.0009676032159045802434735, 20.9},
    {"StudentT", "sf", {10000000000.0, 0.0, 1.0}, 5.5, 1.898956292865085093097e-8, 62.4},
    {"StudentT", "logcdf", {10000000000.0, 0.0, 1.0}, -2.385, -4.763045714432365202388, 2.72},
    {"StudentT", "logsf", {10000000000.0, 0.0, 1.0}, 1.2, -2.16221750592021052044, 1.87},
    {"StudentT", "quantile", {2.385, 0.37, 1.7}, 1e-30, -5404147883401.565979786, 29.4},
    {"StudentT", "isf", {10000000000.0, 0.0, 1.0}, 1e-12, 7.034483834179347416388, 1.02},
    {"StudentT", "quantile", {0.37, 0.0, 1.0}, 0.4999, -0.0004064347376858159281104, 5.0e+3},
    {"StudentT", "isf", {45.5, 0.0, 1.0}, 1e-200, 157603.7476252379934163, 10.6},
    {"StudentT", "entropy", {2.385, 0.37, 1.7}, 0, 2.399999525702481530497, 0.613},
    {"StudentT", "entropy", {0.001, 0.0, 1.0}, 0, 1004.454699616561053895, 0.997},
    {"StudentT", "entropy", {10000000000.0, 0.0, 1.0}, 0, 1.418938533304672741783, 0.705},
    {"StudentT", "cf_re", {2.385, 0.37, 1.7}, 0.73, 0.339758196925938372115, 3.19},
    {"StudentT", "cf_im", {2.385, 0.37, 1.7}, 0.73, 0.09406742444180227308172, 3.04},
    {"StudentT", "cf_re", {0.37, 0.0, 1.0}, 12.5, 0.0001148798547819358294316, 18.5},
    {"StudentT", "cf_re", {45.0, 0.0, 1.0}, 3.7, 0.001866608169009539404841, 23.0},
    {"StudentT", "cf_re", {2385.5, 1.2, 0.5}, 4.5, 0.0505243075018514305246, 13.2},
    {"StudentT", "cf_im", {2385.5, 1.2, 0.5}, 4.5, -0.06151540701918676518453, 19.0},
    {"HalfStudentT", "logpdf", {2.385, 1.7}, 45.5, -10.51991018072264080782, 1.02},
    {"HalfStudentT", "pdf", {2.385, 1.7}, 3.1, 0.0966859106122608243798, 2.98},
    {"HalfStudentT", "cdf", {2.385, 1.7}, 1e-100, 4.237445471897943643572e-101, 2.1},
    {"HalfStudentT", "sf", {2.385, 1.7}, 1e+40, 1.856027586917707883412e-95, 221.0},
    {"HalfStudentT", "logcdf", {2.385, 1.7}, 0.037, -4.155573896297686494724, 0.505},
    {"HalfStudentT", "logsf", {2.385, 1.7}, 2.5, -1.348273200106335063814, 2.33},
    {"HalfStudentT", "logpdf", {0.037, 1.0}, 1e+200, -480.9390754028743791433, 0.0357},
    {"HalfStudentT", "pdf", {0.037, 1.0}, 0.5, 0.06484875720000159298145, 1.89},
    {"HalfStudentT", "cdf", {0.037, 1.0}, 1e-30, 1.875861745671082417397e-31, 2.48},
    {"HalfStudentT", "sf", {0.037, 1.0}, 1e+250, 5.159548471669021324936e-10, 21.4},
    {"HalfStudentT", "logcdf", {0.037, 1.0}, 1e+100, -0.0001830844469493548830781, 8.66},
    {"HalfStudentT", "logsf", {0.037, 1.0}, 1e-08, -1.875861747430510070707e-9, 2.48},
    {"HalfStudentT", "quantile", {2.385, 1.7}, 1e-100, 2.35991237322542340862e-100, 2.1},
    {"HalfStudentT", "isf", {2.385, 1.7}, 1e-30, 7226786962956.616341583, 29.7},
    {"HalfStudentT", "entropy", {2.385, 1.7}, 0, 1.70685234514253622108, 0.861},
    {"Chi2", "logpdf", {2.385}, 1e-200, -89.39293355164772368467, 6.15},
    {"Chi2", "pdf", {2.385}, 45.5, 1.306501666221819501195e-10, 26.6},
    {"Chi2", "cdf", {2.385}, 1e-50, 9.455485863321922086713e-61, 140.0},
    {"Chi2", "sf", {2.385}, 300.5, 1.595748697261060268465e-65, 156.0},
    {"Chi2", "logcdf", {2.385}, 1e-05, -14.6486257516316874488, 1.12},
    {"Chi2", "logsf", {2.385}, 0.37, -0.1168904780962529256607, 4.03},
    {"Chi2", "logpdf", {0.037}, 1e-200, 448.005045491190832022, 0.019},
    {"Chi2", "pdf", {0.037}, 12.5, 0.000002986492524337431423154, 8.28},
    {"Chi2", "cdf", {0.037}, 1e-100, 0.01409118099424777209378, 4.28},
    {"Chi2", "sf", {0.037}, 1e-100, 0.9859088190057522279062, 0.0612},
    {"Chi2", "logcdf", {0.037}, 0.001, -0.130226270182662557171, 1.14},
    {"Chi2", "logsf", {0.037}, 30.5, -21.96277497410127323631, 0.785},
    {"Chi2", "logpdf", {23850.5}, 23000.0, -14.03633025403537857794, 61.0},
    {"Chi2", "pdf", {23850.5}, 24000.0, 0.001437502536592808225377, 151.0},
    {"Chi2", "cdf", {23850.5}, 23000.0, 0.00004102283321315964649305, 907.0},
    {"Chi2", "sf", {23850.5}, 25000.0, 1.086291272553410259076e-7, 1.18e+3},
    {"Chi2", "logcdf", {23850.5}, 22000.0, -40.93397428321226255312, 46.7},
    {"Chi2", "logsf", {23850.5}, 26000.0, -48.92054630286564774708, 43.5},
    {"Chi2", "quantile", {2.385}, 1e-100, 3.002022635572906256231e-84, 194.0},
    {"Chi2", "isf", {2.385}, 1e-100, 462.7809981879523897969, 0.034},
    {"Chi2", "entropy", {2.385}, 0, 1.85995464141572700494, 0.483},
    {"FDist", "logpdf", {2.385, 4.5}, 1e-100, -43.98546487447447775408, 6.2},
    {"FDist", "pdf", {2.385, 4.5}, 45.5, 0.00004438666691368860749527, 7.61},
    {"FDist", "cdf", {2.385, 4.5}, 1e-50, 2.791881194141853897612e-60, 137.0},
    {"FDist", "sf", {2.385, 4.5}, 1e+30, 1.755307149927529983387e-67, 154.0},
    {"FDist", "logcdf", {2.385, 4.5}, 0.0037, -6.517732550277831291816, 1.05},
    {"FDist", "logsf", {2.385, 4.5}, 1.2, -0.9322226562981067633729, 1.24},
    {"FDist", "logpdf", {0.037, 0.5}, 1e-250, 560.8936695030784428534, 0.0192},
    {"FDist", "pdf", {0.037, 0.5}, 1e+100, 3.323815302221022879528e-127, 58.5},
    {"FDist", "cdf", {0.037, 0.5}, 1e-200, 0.0001781779144431281051623, 8.69},
    {"FDist", "sf", {0.037, 0.5}, 1e+250, 4.204330750695740500332e-64, 145.0},
    {"FDist", "logcdf", {0.037, 0.5}, 12.5, -0.0700242297265493802442, 1.76},
    {"FDist", "logsf", {0.037, 0.5}, 1e-08, -1.008179060644299563196, 0.876},
    {"FDist", "logpdf", {3000.5, 450.0}, 0.7, -11.50273620614412067157, 7.95},
    {"FDist", "pdf", {3000.5, 450.0}, 1.37, 0.0005177713920748947859694, 64.2},
    {"FDist", "cdf", {3000.5, 450.0}, 0.5, 2.434168966998335614868e-26, 231.0},
    {"FDist", "sf", {3000.5, 450.0}, 1.73, 4.453823323952104621996e-13, 115.0},
    {"FDist", "logcdf", {3000.5, 450.0}, 0.8, -7.369151651501241393842, 7.75},
    {"FDist", "logsf", {3000.5, 450.0}, 1.2, -5.012323661404980959601, 8.17},
    {"FDist", "quantile", {2.385, 4.5}, 1e-30, 6.071764806931979492489e-26, 58.0},
    {"FDist", "isf", {2.385, 4.5}, 1e-30, 46148431319499.59864955, 30.5},
    {"FDist", "entropy", {2.385, 4.5}, 0, 1.466790681587003577661, 0.379},
    {"FDist", "entropy", {3000.5, 450.0}, 0, -1.216595783081232299418, 0.413},
    {"FDist", "entropy", {0.037, 0.5}, 0, -42.70331765595466962816, 1.3},
    {"FDist", "cf_re", {2.385, 4.5}, 0.73, 0.5288154600093444334221, 1.01},
    {"FDist", "cf_im", {2.385, 4.5}, 0.73, 0.4337235337456975795877, 0.539},
    {"FDist", "log_mgf", {2.385, 4.5}, -0.73, -0.6811434126313893961987, 1.06},
    {"FDist", "cf_re", {0.037, 0.5}, 12.5, 0.8430658748257290544979, 0.224},
    {"FDist", "cf_im", {0.037, 0.5}, 12.5, 0.02448135566455750461412, 0.923},
    {"FDist", "log_mgf", {0.037, 0.5}, -12.5, -0.1703179246503635204818, 1.31},
    {"FDist", "cf_re", {300.5, 45.0}, 3.7, -0.5526943062520749114986, 3.68},
    {"FDist", "cf_im", {300.5, 45.0}, 3.7, -0.4035656913507745156934, 4.64},
    {"FDist", "log_mgf", {300.5, 45.0}, -3.7, -3.539546845598722560742, 0.963},
    {"FDist", "cf_re", {1.0, 1.0}, 1e-05, 0.9974768842489306033251, 0.0153},
    {"FDist", "cf_im", {1.0, 1.0}, 1e-05, 0.002513149342836523225539, 4.51},
    {"FDist", "log_mgf", {1.0, 1.0}, -1e-05, -0.003564617678071384019159, 5.3},
    {"InvGamma", "logpdf", {2.385, 0.37}, 1e+100, -782.0034695569170410767, 0.715},
    {"InvGamma", "pdf", {2.385, 0.37}, 0.05, 1.176022718271164664081, 12.3},
    {"InvGamma", "cdf", {2.385, 0.37}, 0.001, 6.021055511842592334388e-158, 750.0},
    {"InvGamma", "sf", {2.385, 0.37}, 1e+60, 2.527667583868843436499e-145, 339.0},
    {"InvGamma", "logcdf", {2.385, 0.37}, 0.2, -0.5771920774683148784013, 5.5},
    {"InvGamma", "logsf", {2.385, 0.37}, 0.004, -2.933559645998404580502e-38, 192.0},
    {"InvGamma", "logpdf", {0.037, 12.5}, 1e+250, -600.1283199401956649883, 0.0354},
    {"InvGamma", "pdf", {0.037, 12.5}, 10000000000.0, 1.768406960208010549284e-12, 1.33},
    {"InvGamma", "cdf", {0.037, 12.5}, 0.1, 1.851633103067132870294e-58, 253.0},
    {"InvGamma", "sf", {0.037, 12.5}, 1e+200, 4.460468657395749749019e-8, 17.0},
    {"InvGamma", "logcdf", {0.037, 12.5}, 1e+30, -0.09098895771153243997447, 2.64},
    {"InvGamma", "logpdf", {2385.5, 2000.0}, 0.8, 0.5297294620715031805644, 642.0},
    {"InvGamma", "pdf", {2385.5, 2000.0}, 0.85, 18.31816199742785223836, 98.4},
    {"InvGamma", "cdf", {2385.5, 2000.0}, 0.75, 1.414716369268639943608e-8, 855.0},
    {"InvGamma", "sf", {2385.5, 2000.0}, 0.95, 1.170155258230291522598e-9, 880.0},
    {"InvGamma", "logcdf", {2385.5, 2000.0}, 0.83, -1.175208197434492362052, 142.0},
    {"InvGamma", "logsf", {2385.5, 2000.0}, 0.84, -0.7644349781953605152719, 164.0},
    {"InvGamma", "quantile", {2.385, 0.37}, 1e-100, 0.001557015134821482168168, 1.05},
    {"InvGamma", "isf", {2.385, 0.37}, 1e-100, 1.999543240905982892859e+41, 98.6},
    {"InvGamma", "entropy", {2.385, 0.37}, 0, -0.5859423504716630347215, 4.79},
    {"InvGamma", "entropy", {0.037, 12.5}, 0, 34.40345197898295325346, 0.844},
    {"InvGamma", "entropy", {2385.5, 2000.0}, 0, -2.645625563824779014523, 0.945},
    {"InvGamma", "cf_re", {2.385, 0.37}, 3.7, 0.5878772485658675397768, 2.9},
    {"InvGamma", "cf_im", {2.385, 0.37}, 3.7, 0.5687183133590742892169, 1.03},
    {"InvGamma", "log_mgf", {2.385, 0.37}, -3.7, -0.7327430588396508697531, 2.69},
    {"InvGamma", "cf_re", {0.037, 12.5}, 0.5, -0.0009243010719357358388246, 8.32},
    {"InvGamma", "cf_im", {0.037, 12.5}, 0.5, -0.0008476118779216279596619, 1.13},
    {"InvGamma", "log_mgf", {0.037, 12.5}, -0.5, -8.151242327534517865527, 0.797},
    {"InvGamma", "cf_re", {238.5, 200.0}, 45.5, 0.05374195984314782354695, 20.1},
    {"InvGamma", "cf_im", {238.5, 200.0}, 45.5, 0.0004143205163441526708631, 1.41e+4},
    {"InvGamma", "log_mgf", {238.5, 200.0}, -45.5, -35.73317175935579166285, 2.76},
    {"InvGamma", "cf_re", {3.0, 2.0}, 1e-06, 0.9999999999990000010472, 8.5e-12},
    {"InvGamma", "cf_im", {3.0, 2.0}, 1e-06, 9.999999999907991106372e-7, 3.5},
    {"InvGamma", "log_mgf", {3.0, 2.0}, -1e-06, -9.999995000085341456367e-7, 3.5},
    {"InvGamma", "cf_re", {1.5, 1.0}, 1200.5, -1.66221772462454348883e-20, 152.0},
    {"InvGamma", "cf_im", {1.5, 1.0}, 1200.5, -3.272434500446413622953e-20, 27.8},
    {"InvGamma", "log_mgf", {1.5, 1.0}, -1200.5, -65.04374304953646749949, 1.13},
    {"Rayleigh", "logpdf", {2.385}, 1e-200, -462.2554168474897457217, 0.00649},
    {"Rayleigh", "pdf", {2.385}, 3.7, 0.1952589765223921224796, 1.81},
    {"Rayleigh", "cdf", {2.385}, 1e-50, 8.790088296436939414188e-102, 4.0},
    {"Rayleigh", "sf", {2.385}, 60.5, 1.863965390631647157164e-140, 1.29e+3},
    {"Rayleigh", "logcdf", {2.385}, 1e-100, -462.9485640280496909732, 0.00864},
    {"Rayleigh", "logsf", {2.385}, 1e-05, -8.790088296436940718405e-12, 4.0},
    {"Rayleigh", "quantile", {2.385}, 1e-100, 3.37289934625983142365e-50, 1.5},
    {"Rayleigh", "isf", {2.385}, 1e-100, 51.1812897270009270887, 1.0},
    {"Rayleigh", "cf_re", {2.385}, 0.37, 0.3951541798539315866393, 4.62},
    {"Rayleigh", "cf_re", {2.385}, 4.5, -0.008918140587336518331146, 4.11},
    {"Rayleigh", "cf_re", {2.385}, 12.5, -0.001128950598178121637533, 4.01},
    {"Rayleigh", "cf_re", {2.385}, 2385.0, -3.090626376925438776437e-8, 4.0},
    {"Rayleigh", "cf_im", {2.385}, 0.37, 0.7492962864806777555298, 0.443},
    {"Rayleigh", "cf_im", {2.385}, 2.5, 1.42429041429258195185e-7, 69.1},
    {"Rayleigh", "log_mgf", {2.385}, 1e-06, 0.000002989155438201400954867, 2.0},
    {"Rayleigh", "log_mgf", {2.385}, -1e-06, -0.000002989152996794336937647, 2.0},
    {"Rayleigh", "log_mgf", {2.385}, -0.3, -0.7971769016851415775314, 1.77},
    {"Rayleigh", "log_mgf", {2.385}, -3.7, -4.391988307890103855761, 0.878},
    {"Rayleigh", "log_mgf", {2.385}, -7.5, -5.777479869148821272998, 0.686},
    {"Rayleigh", "log_mgf", {2.385}, 2.385, 18.83528860738543757068, 3.54},
    {"Maxwell", "logpdf", {0.37}, 1e-100, -457.760053131422263389, 0.0109},
    {"Maxwell", "pdf", {0.37}, 1.2, 0.1179251961524947909754, 16.0},
    {"Maxwell", "cdf", {0.37}, 1e-50, 5.250656827189343196784e-150, 6.0},
    {"Maxwell", "sf", {0.37}, 9.5, 1.44511468367403762758e-142, 1.32e+3},
    {"Maxwell", "logcdf", {0.37}, 1e-90, -620.0396219296735710168, 0.00968},
    {"Maxwell", "logsf", {0.37}, 0.1, -0.00515032187450858553711, 5.93},
    {"Maxwell", "quantile", {0.37}, 1e-100, 2.670517665305781780569e-34, 1.33},
    {"Maxwell", "isf", {0.37}, 1e-100, 7.989039088120033985822, 1.0},
    {"Maxwell", "cf_re", {0.37}, 0.37, 0.9721061578370288123838, 0.114},
    {"Maxwell", "cf_re", {0.37}, 4.5, -0.4431368320329468195484, 0.713},
    {"Maxwell", "cf_im", {0.37}, 0.37, 0.2157465469003402791189, 1.95},
    {"Maxwell", "cf_im", {0.37}, 4.5, 0.3044659091590640668741, 9.14},
    {"Maxwell", "cf_im", {0.37}, 45.5, -0.0003417237699762208892512, 6.09},
    {"Maxwell", "cf_im", {0.37}, 2385.0, -2.322218502738969045879e-9, 6.0},
    {"Maxwell", "log_mgf", {0.37}, 1e-06, 5.904346060376279076117e-7, 2.0},
    {"Maxwell", "log_mgf", {0.37}, -1e-06, -5.904345439506152560992e-7, 2.0},
    {"Maxwell", "log_mgf", {0.37}, -1.3, -0.7177972813420364823091, 1.87},
    {"Maxwell", "log_mgf", {0.37}, -13.7, -4.603985045617783163762, 1.15},
    {"Maxwell", "log_mgf", {0.37}, -37.5, -7.453377370521009857211, 0.789},
    {"Maxwell", "log_mgf", {0.37}, 12.385, 14.28356126210986284773, 3.21},
    {"Levy", "logpdf", {-2.385, 0.37}, -2.38, -30.46858862005530747736, 1.11e+3},
    {"Levy", "pdf", {-2.385, 0.37}, 45.5, 0.0007295143296222083614098, 1.99},
    {"Levy", "cdf", {-2.385, 0.37}, -2.384, 1.871518418598167907602e-82, 8.85e+5},
    {"Levy", "sf", {-2.385, 0.37}, 1e+100, 4.853342309955120921245e-51, 1.0},
    {"Levy", "logcdf", {-2.385, 0.37}, 1000000000000.0, -4.853343487695994004052e-7, 1.0},
    {"Levy", "logsf", {-2.385, 0.37}, -2.3, -0.03764484902326074375356, 146.0},
    {"Levy", "quantile", {0.0, 2.385}, 1e-100, 0.0052539626515232562058, 1.0},
    {"Levy", "isf", {-2.385, 0.37}, 1e-50, 2.355493157760050905228e+99, 3.0},
    {"Levy", "entropy", {-2.385, 0.37}, 0, 2.330230528053023061146, 0.429},
    {"Levy", "cf_re", {-2.385, 0.37}, 0.73, 0.2036156913971289613844, 9.56},
    {"Levy", "cf_im", {-2.385, 0.37}, 0.73, -0.5587480324755048245832, 1.27},
    {"Levy", "cf_re", {-2.385, 0.37}, -45.5, -0.0121800269634067482226, 199.0},
    {"Levy", "cf_im", {-2.385, 0.37}, -45.5, -0.01116384835774248090213, 237.0},
    {"Levy", "log_mgf", {-2.385, 0.37}, -0.73, 1.006067006999481469371, 3.46},
    {"InvGamma", "logsf", {0.037, 12.5}, 50.0, -0.03946002844165171091653, 2.49},
    {"StudentT", "cdf", {2385.5, -4.5, 0.01}, -4.7, 1.076527515080358829031e-82, 1.62e+4},
    {"StudentT", "sf", {2385.5, -4.5, 0.01}, -4.3, 1.076527515080358829031e-82, 1.55e+4},
    {"HalfStudentT", "cf_re", {2.385, 1.7}, 0.73, 0.3525398030286493740651, 3.04},
    {"HalfStudentT", "cf_im", {2.385, 1.7}, 0.73, 0.5006264338431052617028, 0.543},
    {"HalfStudentT", "log_mgf", {2.385, 1.7}, -0.73, -0.893864498925878791691, 1.5},
    {"HalfStudentT", "cf_re", {0.37, 1.0}, 12.5, 0.0001148798547819358294316, 18.5},
    {"HalfStudentT", "cf_im", {0.37, 1.0}, 12.5, 0.04054060812213607240394, 2.43},
    {"HalfStudentT", "log_mgf", {0.37, 1.0}, -12.5, -3.255731943995974997623, 0.695},
    {"HalfStudentT", "cf_re", {45.5, 1.0}, 3.7, 0.001857657926992644846008, 23.0},
    {"HalfStudentT", "cf_im", {45.5, 1.0}, 3.7, 0.2371675533148865110648, 2.53},
    {"HalfStudentT", "log_mgf", {45.5, 1.0}, -3.7, -1.603453211657421744467, 1.11},
};
/* clang-format on */

START_TEST(values) {
  const ThFamilyMath *f = th_density_find(facts[_i].family);
  ck_assert_ptr_nonnull(f);
  double got = unit_density_quantity(f, facts[_i].quantity, facts[_i].x, facts[_i].p), want = facts[_i].value;
  double error = unit_relative_error(got, want) / (1 + facts[_i].cond);
  ck_assert_msg(error <= 1e-14, "%s %s at %g: got %.17g, want %.17g, error %.2g", facts[_i].family,
                facts[_i].quantity, facts[_i].x, got, want, error);
}
END_TEST

/* --- The families against themselves ------------------------------------------------------------- */

typedef struct Case {
  const ThFamilyMath *family;
  double p[TH_MAX_PARAMETERS];
} Case;

static const Case cases[] = {
    {&th_student_t_math, {0.37, -1.5, 2.385}},
    {&th_student_t_math, {5.5, 2.385, 0.37}},
    {&th_student_t_math, {2385.5, 0, 1}},
    {&th_half_student_t_math, {0.7, 2.385}},
    {&th_half_student_t_math, {6.5, 0.37}},
    {&th_half_student_t_math, {500, 2.385}},
    {&th_chi2_math, {0.37}},
    {&th_chi2_math, {2.385}},
    {&th_chi2_math, {450.5}},
    {&th_fdist_math, {0.7, 1.9}},
    {&th_fdist_math, {2.385, 12.5}},
    {&th_fdist_math, {450.5, 95}},
    {&th_inv_gamma_math, {0.37, 2.385}},
    {&th_inv_gamma_math, {4.5, 0.37}},
    {&th_inv_gamma_math, {300.5, 45}},
    {&th_rayleigh_math, {2.385}},
    {&th_maxwell_math, {0.37}},
    {&th_levy_math, {-2.385, 0.37}},
};

static const double probabilities[] = {1e-12, 0.0037, 0.2385, 0.5, 0.731, 0.97};

START_TEST(tails) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 0; j < COUNT(probabilities); j++) {
    double prob = probabilities[j], x = f->quantile(prob, p), y = f->upper_quantile(prob, p);
    double x_rounds = 1e-15 * fabs(x) * f->pdf(x, p), y_rounds = 1e-15 * fabs(y) * f->pdf(y, p);
    ck_assert(fabs(f->cdf(x, p) - prob) < 1e-13 * prob + x_rounds);
    ck_assert(fabs(f->ccdf(y, p) - prob) < 1e-13 * prob + y_rounds);
    ck_assert(fabs(f->cdf(x, p) + f->ccdf(x, p) - 1) < 1e-15);
    ck_assert(unit_relative_error(f->logcdf(x, p), log(f->cdf(x, p))) < 1e-11);
    ck_assert(unit_relative_error(f->logccdf(y, p), log(f->ccdf(y, p))) < 1e-11);
    ck_assert(unit_relative_error(f->pdf(x, p), exp(f->logpdf(x, p))) < 1e-13);
  }
  ck_assert(unit_relative_error(f->median(p), f->quantile(0.5, p)) < 1e-15);
  ck_assert(isnan(f->quantile(1.01, p)) && isnan(f->upper_quantile(-0.01, p)) &&
            isnan(f->quantile((double)NAN, p)));
}
END_TEST

/* The five point difference of logpdf in argument k (-1: x), with a step relative to it. */
static double slope(const ThFamilyMath *f, double x, const double *p, int k) {
  double at = k < 0 ? x : p[k], h = 1e-4 * (fabs(at) + (at == 0)), value[4];
  for (int i = 0; i < 4; i++) {
    double moved[3] = {p[0], p[1], p[2]}, to = at + h * (i < 2 ? i - 2 : i - 1);
    if (k >= 0) moved[k] = to;
    value[i] = f->logpdf(k < 0 ? to : x, moved);
  }
  return (8 * (value[2] - value[1]) - value[3] + value[0]) / (12 * h);
}

START_TEST(gradients) {
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  for (size_t j = 1; j < COUNT(probabilities); j++) {
    double x = f->quantile(probabilities[j], p), d_x, d_p[3];
    f->gradient(x, p, &d_x, d_p);
    for (int k = -1; k < f->n_parameters; k++) {
      double got = k < 0 ? d_x : d_p[k], want = slope(f, x, p, k), at = k < 0 ? x : p[k];
      if (f == &th_levy_math && x - p[0] < 0.1) continue; /* too near the end for a step relative to x */
      ck_assert_msg(fabs(got - want) < 1e-6 * (fabs(want) + 1 / (fabs(at) + (at == 0))),
                    "%s %d at %g: %.12g, %.12g", f->name, k, x, got, want);
    }
    double alone;
    f->gradient(x, p, &alone, NULL);
    ck_assert(alone == d_x);
  }
}
END_TEST

/* Derivatives where differences would lose all digits: far out, at the mode, for huge and tiny ν. Values of 50
 * digits. `which` is -1 for x. */
static const struct {
  const ThFamilyMath *family;
  double p[3], x;
  int which;
  double value;
} derivatives[] = {
    {&th_student_t_math, {100000000.0, 0.0, 1.0}, 2.385, 0, -4.994862960943595795109e-16},
    {&th_student_t_math, {100000000.0, 0.0, 1.0}, 2.385, 2, 4.688224733323227646138},
    {&th_student_t_math, {0.001, 0.0, 1.0}, 2.385, 0, 995.3965364109054869624},
    {&th_student_t_math, {2.385, 0.37, 1.5}, 1e+200, 0, -458.926369628151623689},
    {&th_student_t_math, {2.385, 0.37, 1.5}, 1e+200, -1, -3.384999999999999889291e-200},
    {&th_student_t_math, {45.5, 0.0, 1.0}, 1e-09, 0, 0.0001207292254702301373271},
    {&th_student_t_math, {29.9, 0.0, 1.0}, 0.37, 0, 0.0003504900053848978365793},
    {&th_half_student_t_math, {1000000.0, 0.37}, 0.5, 0, 3.293692107976914763909e-13},
    {&th_half_student_t_math, {0.37, 2.385}, 1e-30, 1, -0.4192872117400419661956},
    {&th_fdist_math, {2385.0, 45.5}, 1.125, 0, 0.000002841048442267113063497},
    {&th_fdist_math, {2385.0, 45.5}, 1.125, 1, 0.007642505957639406094206},
    {&th_fdist_math, {0.37, 2.385}, 1e-200, 0, -227.8757774297249544117},
    {&th_fdist_math, {0.37, 2.385}, 1e+250, 1, -286.2844718875627827336},
    {&th_fdist_math, {7.5, 12.0}, 0.97, -1, -0.9587227726743952440586},
    {&th_fdist_math, {2.0, 12.0}, 0.37, -1, -1.098901098901098901865},
    {&th_inv_gamma_math, {1048576.0, 2.0}, 1.9073486328125e-06, 0, 4.768372339943501477371e-7},
    {&th_inv_gamma_math, {0.037, 2.385}, 1e-05, 0, 39.9270973890655664204},
    {&th_inv_gamma_math, {4.5, 0.37}, 0.07, 1, -2.123552123552122046692},
    {&th_chi2_math, {1000000.0}, 1002385.0, 0, 0.001191580200949317787343},
    {&th_chi2_math, {0.001}, 1e-200, 0, 769.6831138594389925725},
    {&th_maxwell_math, {0.37}, 0.6, 0, -1.000927881862871273412},
    {&th_rayleigh_math, {2.385}, 1e-30, -1, 9.999999999999999166636e+29},
    {&th_levy_math, {-2.385, 0.37}, -2.38, 1, -98.64864864865078026064},
};

START_TEST(awkward_gradients) {
  double d_x, d_p[3];
  derivatives[_i].family->gradient(derivatives[_i].x, derivatives[_i].p, &d_x, d_p);
  double got = derivatives[_i].which < 0 ? d_x : d_p[derivatives[_i].which], want = derivatives[_i].value;
  ck_assert_msg(unit_relative_error(got, want) < 2e-14, "%s %d at %g: got %.17g, want %.17g",
                derivatives[_i].family->name, derivatives[_i].which, derivatives[_i].x, got, want);
}
END_TEST

/* --- Integrals ----------------------------------------------------------------------------------- */

typedef enum What { UNITY, SURPRISE, REAL_PART, IMAGINARY_PART, GROWTH, INFORMATION, DIVERGENCE } What;
typedef struct Expectation {
  const ThFamilyMath *f;
  const double *p, *q;
  What what;
  int i, j;
} Expectation;

/* Over the probability u, at the quantile of u. */
static bool integrand(void *self, double u, double *y) {
  const Expectation *e = self;
  double x = u < 0.5 ? e->f->quantile(u, e->p) : e->f->upper_quantile(1 - u, e->p), d_p[3];
  switch (e->what) {
    case UNITY: *y = e->f->pdf(x, e->p) / exp(e->f->logpdf(x, e->p)); break;
    case SURPRISE: *y = -e->f->logpdf(x, e->p); break;
    case REAL_PART: *y = cos(0.37 * x); break;
    case IMAGINARY_PART: *y = sin(0.37 * x); break;
    case GROWTH: *y = exp(-0.37 * x); break;
    case INFORMATION:
      e->f->gradient(x, e->p, NULL, d_p);
      *y = d_p[e->i] * d_p[e->j];
      break;
    case DIVERGENCE: *y = e->f->logpdf(x, e->p) - e->f->logpdf(x, e->q); break;
  }
  return true;
}

static double expectation(ThContext *cx, Expectation e) {
  static const double breaks[] = {1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6};
  const ThQuadratureGoal goal = {.relative = 1e-10, .max_evaluations = 4000};
  ThQuadratureResult result;
  ck_assert(
      th_quadrature_integrate_breaks(cx, integrand, &e, 1, 0, 1, breaks, COUNT(breaks), &goal, &result));
  return result.value[0];
}

static void check_expectation(ThContext *cx, Expectation e, double want, double tolerance) {
  double got = expectation(cx, e);
  ck_assert_msg(fabs(got - want) < tolerance * (1 + fabs(want)), "%s %d (%d, %d): %.15g, %.15g", e.f->name,
                (int)e.what, e.i, e.j, got, want);
}

/* Entropy, transforms and information are the integrals that they are named after. Of heavy tails, whose
 * characteristic functions the table of values holds, only what converges. */
START_TEST(expectations) {
  ThContext cx;
  unit_context(&cx);
  const ThFamilyMath *f = cases[_i].family;
  const double *p = cases[_i].p;
  Expectation e = {.f = f, .p = p};
  bool light = f->variance(p) < 1e6, positive = f->quantile(0, p) >= 0;
  double information[9];
  check_expectation(&cx, e, 1, 1e-10);
  e.what = SURPRISE;
  check_expectation(&cx, e, f->entropy(p), 1e-7);
  e.what = REAL_PART;
  if (light) check_expectation(&cx, e, creal(f->cf(0.37, p)), 1e-8);
  e.what = IMAGINARY_PART;
  if (light) check_expectation(&cx, e, cimag(f->cf(0.37, p)), 1e-8);
  e.what = GROWTH;
  if (positive) check_expectation(&cx, e, exp(f->log_mgf(-0.37, p)), 1e-8);
  else ck_assert(f->log_mgf(-0.37, p) == (double)INFINITY || f == &th_levy_math);
  f->fisher(p, information);
  e.what = INFORMATION;
  for (int i = 0; i < f->n_parameters * f->n_parameters; i++) {
    e.i = i / f->n_parameters;
    e.j = i % f->n_parameters;
    if (e.j < e.i) continue;
    check_expectation(&cx, e, information[i], 1e-6);
  }
  unit_done(&cx);
}
END_TEST

/* Where KL is closed it is the integral, at pairs near and far; so it is of Gamma and Beta. */
START_TEST(divergences) {
  static const struct {
    const ThFamilyMath *family;
    double p[2], q[2];
  } pairs[] = {
      {&th_gamma_math, {2.385, 0.37}, {4.5, 1.2}}, {&th_gamma_math, {45.5, 2.385}, {46, 2.4}},
      {&th_gamma_math, {0.37, 3.5}, {2.385, 2}},   {&th_beta_math, {2.385, 4.5}, {3.1, 0.9}},
      {&th_beta_math, {450.5, 95}, {440, 93}},     {&th_beta_math, {0.37, 1.8}, {0.5, 12}},
      {&th_inv_gamma_math, {4.5, 0.37}, {3.1, 2}}, {&th_chi2_math, {2.385}, {7.5}},
      {&th_rayleigh_math, {2.385}, {2.1}},         {&th_maxwell_math, {0.37}, {0.5}},
  };
  ThContext cx;
  unit_context(&cx);
  for (size_t i = 0; i < COUNT(pairs); i++) {
    const ThFamilyMath *f = pairs[i].family;
    Expectation e = {.f = f, .p = pairs[i].p, .q = pairs[i].q, .what = DIVERGENCE};
    double got = f->kl(pairs[i].p, pairs[i].q), want = expectation(&cx, e);
    ck_assert_msg(unit_relative_error(got, want) < 1e-7, "%s: %.12g, %.12g", f->name, got, want);
    ck_assert(f->kl(pairs[i].p, pairs[i].p) == 0);
  }
  unit_done(&cx);
}
END_TEST

/* For close parameters the divergence is half the quadratic form of the information. */
START_TEST(divergence_of_neighbours) {
  const double p[2] = {2.385, 4.5}, q[2] = {2.385 + 1e-7, 4.5 - 2e-7};
  const ThFamilyMath *const families[] = {&th_gamma_math, &th_beta_math, &th_inv_gamma_math};
  for (size_t i = 0; i < COUNT(families); i++) {
    double information[4], a = q[0] - p[0], b = q[1] - p[1];
    families[i]->fisher(p, information);
    double want = 0.5 * (a * a * information[0] + 2 * a * b * information[1] + b * b * information[3]);
    ck_assert(unit_relative_error(families[i]->kl(p, q), want) < 1e-6);
  }
}
END_TEST

/* --- Moments, samples, edges --------------------------------------------------------------------- */

/* Kolmogorov's distance of 10⁶ draws from the cdf; chance passes 1.95/√n once in a thousand times, but the seed is
 * fixed. Every eighth draw is looked at. Tiny ν and shapes, whose draws pass through logarithms, are among them. */
static const Case sampled[] = {
    {&th_student_t_math, {0.037, 0, 1}},   {&th_student_t_math, {5.5, 2.385, 0.37}},
    {&th_half_student_t_math, {3, 2.385}}, {&th_chi2_math, {2.385}},
    {&th_fdist_math, {0.037, 2.385}},      {&th_fdist_math, {7.5, 12}},
    {&th_inv_gamma_math, {0.037, 2.385}},  {&th_inv_gamma_math, {4.5, 0.37}},
    {&th_rayleigh_math, {2.385}},          {&th_maxwell_math, {0.37}},
    {&th_levy_math, {-2.385, 0.37}},
};

START_TEST(samples) {
  enum { N = 1000000 };
  static double x[N];
  ThRandom r;
  const ThFamilyMath *f = sampled[_i].family;
  const double *p = sampled[_i].p;
  th_random_seed(&r, 2385);
  th_density_sample(f, p, &r, N, x);
  double distance = 0;
  ck_assert(th_stats_sort(&(ThContext){.depth = 0}, N, x));
  for (size_t i = 7; i < N; i += 8) distance = fmax(distance, fabs(f->cdf(x[i], p) - (double)(i + 1) / N));
  ck_assert_msg(distance < 1.95 / sqrt(N), "%s: %g", f->name, distance);
}
END_TEST

/* Moments exist up to an order, and say which way they fail. */
START_TEST(moments) {
  static const struct {
    const ThFamilyMath *family;
    double p[3], want[4]; /* mean, variance, skewness, kurtosis */
  } rows[] = {
      {&th_student_t_math, {1, 2.385, 1}, {(double)NAN, (double)NAN, (double)NAN, (double)NAN}},
      {&th_student_t_math, {2, 2.385, 1}, {2.385, (double)INFINITY, (double)NAN, (double)NAN}},
      {&th_student_t_math, {3.7, 2.385, 0.37}, {2.385, 0.297958823529411764706, 0, (double)INFINITY}},
      {&th_half_student_t_math, {1, 1}, {(double)INFINITY, (double)INFINITY, (double)NAN, (double)NAN}},
      {&th_half_student_t_math,
       {2.5, 1},
       {1.206029080098550096778, 3.545493857956645034887, (double)INFINITY, (double)INFINITY}},
      {&th_half_student_t_math,
       {12.5, 2.385},
       {2.027514286209392850624, 2.660882247788243572871, 1.343218608382162322408, 2.66697868068617703708}},
      {&th_fdist_math, {2.385, 2}, {(double)INFINITY, (double)INFINITY, (double)NAN, (double)NAN}},
      {&th_fdist_math,
       {2.385, 5},
       {1.66666666666666666667, 12.54367575122292165882, (double)INFINITY, (double)INFINITY}},
      {&th_fdist_math,
       {2.385, 12.5},
       {1.19047619047619047619, 1.801559198102721303539, 3.494569914320938772824, 29.1260409198336156038}},
      {&th_inv_gamma_math, {1, 2.385}, {(double)INFINITY, (double)INFINITY, (double)NAN, (double)NAN}},
      {&th_inv_gamma_math,
       {2.385, 1.5},
       {1.083032490974729408565, 3.04664773118682594091, (double)INFINITY, (double)INFINITY}},
      {&th_inv_gamma_math,
       {12.5, 2.385},
       {0.2073913043478260684206, 0.004096300297056439991512, 1.364366462822707417045,
        3.826625386996904024768}},
      {&th_levy_math, {2.385, 1}, {(double)INFINITY, (double)INFINITY, (double)NAN, (double)NAN}},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    const ThFamilyMath *f = rows[i].family;
    double (*const of[])(const double *) = {f->mean, f->variance, f->skewness, f->kurtosis};
    for (int j = 0; j < 4; j++) {
      double got = of[j](rows[i].p), want = rows[i].want[j];
      ck_assert_msg(unit_relative_error(got, want) < 2e-14, "%s %zu %d: got %.17g, want %.17g", f->name, i, j,
                    got, want);
    }
  }
}
END_TEST

START_TEST(edges) { unit_density_edges(cases[_i].family, cases[_i].p); }
END_TEST

START_TEST(missing) {
  const ThFamilyMath *f = cases[_i].family;
  unit_density_missing(f, cases[_i].p);
  for (int k = 0; k < f->n_parameters; k++) {
    double bad[TH_MAX_PARAMETERS], information[TH_MAX_PARAMETERS * TH_MAX_PARAMETERS];
    memcpy(bad, cases[_i].p, sizeof bad);
    bad[k] = (double)NAN;
    f->fisher(bad, information);
    ck_assert(isnan(information[f->n_parameters * f->n_parameters - 1]) || f == &th_levy_math);
  }
}
END_TEST

Suite *th_suite_num_density_gamma_kin(void) {
  Suite *suite = suite_create("num_density_gamma_kin");
  th_num_init();
  ADD_ROWS(suite, values, COUNT(facts));
  ADD_ROWS(suite, tails, COUNT(cases));
  ADD_ROWS(suite, gradients, COUNT(cases));
  ADD_ROWS(suite, awkward_gradients, COUNT(derivatives));
  ADD_ROWS(suite, expectations, COUNT(cases));
  ADD(suite, divergences);
  ADD(suite, divergence_of_neighbours);
  ADD_ROWS(suite, samples, COUNT(sampled));
  ADD(suite, moments);
  ADD_ROWS(suite, edges, COUNT(cases));
  ADD_ROWS(suite, missing, COUNT(cases));
  return suite;
}
