// From vaderSentiment 3.3.2, https://github.com/cjhutto/vaderSentiment,
// copyright (c) 2016 C.J. Hutto, MIT licence: its text is in NOTICE.

/// English words, slang and emoticons rated above zero, to 4.
///
/// Each line is a mean valence, then the words rated so. The source's 18 entries no token can
/// equal (those with a capital letter or a blank) are left out.
enum PositiveWords {
    static let lines = #"""
        0.1 0-8 :-o >;) aboard acquits amorists amorphously amortises backed backing boldfaces
        0.1 boldfacing boreen brooding commits creatin defenseman defensibly defensive dwelling
        0.1 faille freeholders funnel funneled funnelling graticule harmonicas heron heronry keens
        0.1 killick lamedh lamellas libertarianisms libertarians lobby lousewort lowriders matter
        0.1 matters misericorde nasturtiums oversimplifies panicled paniculate peculiarities
        0.1 perfectionists piqued pressurized pressurizer prevent prevented reach repressurized
        0.1 repressurizes retained richweed screwdrivers screwlike securitizations shittah sigh
        0.1 sillimanite silly smartweeds solemnifying stealthily strongyls stuns successions
        0.1 tenderize tenderized thrillers toughen toughened tranquillizes tricking trickled
        0.1 warstle weaponless wellhead whitewash wisecrackers withdrawal
        0.2 affronted amazonite amazonstones amoretti amortizations apologising apology ayc
        0.2 bashfully benignly boreens calmodulin champaign champignons compelled contend crazes
        0.2 creatine delicate determinableness determinant discounted dominantly dominants
        0.2 dominates dumbwaiter dynamiting escaping excitonic exhaustless foehns foetus foetuses
        0.2 freeway freewheeler freeze geekier graticules gratins gratis grey impressionable
        0.2 infatuated isolatable joysticks lamellibranch laughable libertinage nastic neath
        0.2 numbat opportunisms opportunist oversimplification overwhelmed radians reaches
        0.2 relentless resentencing securitization sentences sillimanites smartweed smugly
        0.2 startlements stealthiness strongyles supremacy swears teashops teaspoon teaspoonful
        0.2 tenderization tenderometer tenderometers tragicomedy tranquil trickles vitalism
        0.2 warmblooded welly
        0.3 (;< *-) amorettos amorphousness amusia aug-00 authority awaits boldface challenge
        0.3 challenges champertous charmeuse clears comedo committing convincers defenders diviner
        0.3 diving dweller dynamometer dynamometers dynamometric dynamos easel energetics
        0.3 excitative exciton excuse explorations flatterers freeboard freemasonry freestyles
        0.3 freewheeled fumeless hail hurtless intense keened landmark lowercase mandatory number
        0.3 opportunists oversells passionflower pensive pls plz pmfji prevents prickets
        0.3 prizefights safetyman screwbean screwdriver securitize sentence shakers slickest
        0.3 smilaxes solemnify solemnities solemnize startling strongboxes surprisers teas
        0.3 teaspoonsful tenderizes tenderizing tolerances toughnesses tranquilize trustees
        0.3 verdicts victimology vindicate vitalist vitalists want welladay whimsical wiseguys
        0.3 }:-)
        0.4 >:) admitted anticipation apologised apologize await beauticians benefice
        0.4 beneficiation brights bwahaha bz challengers champignon charmeuses cleared creatinine
        0.4 darings defence defenceman defender defensibility delicatessen delicatessens
        0.4 demonstration dumpling dwelled dynamiters easements enthral exempt expands fantastico
        0.4 flagship flatter flattery flirtiest freelancers freelancing freesia freesias
        0.4 freestyler fumet funnels fysa gracilis gratin importancies isolationism kidding
        0.4 legally libertarianism libertines longings meritocrat nasturtium numbles opportunism
        0.4 painlessness passionflowers pretending prizefighting profiterole promisors radian
        0.4 reached resolvents safes sentimentalising sentimentalisms sentimentalizations slicker
        0.4 speculative stealthiest suprematists suretyships teaspoonfuls tenderizer tenderloins
        0.4 thriller tolerantly treasurers treasurership trivially trustor vigorishes vigorousness
        0.4 vigours warmouth warmup welled wellies wisents yoyo }:)
        0.5 3:) [-; adorns ambivalent amortise amortizable assuror calmatives carefully challenger
        0.5 champagnes champaigns champers commitments contender creationists daredevil defense
        0.5 devotees divinise dwell escapes excitor exclusive extends feeling fervid flirtatious
        0.5 freehand freeholder freewheel freewheeling funnelform harmonicist herons idealogues
        0.5 impressionisms impressionists impressments joker keener laidback launched legal lowe
        0.5 outmaneuvered panicle popularises profiteers profiteroles reliant soothed stronghold
        0.5 strongmen supremacist teaspoons tendered tranquillities treasurer triumphalist
        0.5 troubleshoots trusteeship unequaled vigorously wellheads wellsite yearning zealous
        0.6 *) ;] activeness amoretto amortization amortizes benignancy blamelessness brisk
        0.6 careful challenging comedienne contestable convincer crediting defencemen delicates
        0.6 dignitaries dominatrixes dynamometry dynamotor emotional engagements engrossed fighter
        0.6 flatters flirtatiousness flirters flirty freewheels giggler gn8 graciles greets
        0.6 guiltlessness harmonica honoraria humoral idealising impressure indestructible
        0.6 infatuation intellection intricate invite joyridden keeners meritocracy methodical mmk
        0.6 nerdiest numberable peculiar peculiarity perfectas rapture ratified scoop securers
        0.6 slap smilax solemnizes solid strongyl surpriser tenderer tendering tenders tensionless
        0.6 trusteeships verdict vested victimless vitalised warming wishes worshipper
        0.7 ;-] adopt adopts amazon amusable assets assurors blameless casually champing cleaner
        0.7 competitive convinces convincingness creationism defenses dynamite escape excelsior
        0.7 extend favoritism favoritisms flirts freeboards freedmen freehold freelanced
        0.7 freelances freemasonries freestyle freeware fumer growing guiltlessly heronries
        0.7 honorarium idealists ijs inquisitive iou isolationist joyrider joystick longingly
        0.7 offenseless partiers peaceniks perfectionistic pmji privileging profiter raptures
        0.7 relaxants resolved resolvent resolver resolves securitizing sentimentalists smarted
        0.7 solemnization solutions spirit stout strongbox strongman surprisals tenderheartedness
        0.7 toughed tougher troubleshooting vigilant worshipful
        0.8 ;d acquit activenesses admit adorned adornments adventuress agrees amortized
        0.8 amortizing amusingly apologises bargain brilliantine casual chances chuckler crazyweed
        0.8 creationist debonair defensible determinate determinations divined divines dominance
        0.8 doubtlessness entrusted excitons fine flawlessly flirting freebased freebases
        0.8 freestylers freewheelingly freewriting fyi giggles glamourize guiltless harmlessness
        0.8 harmoniums idealisms idealogy ideals important impressible impressionism inspirits
        0.8 intact intellections intellectively intellectualists intellectualizing invigorated jho
        0.8 joyrides jp livelihood nurturers palatableness passive peacenik playing pmbi prizers
        0.8 profiteer promisee radiancies reaching recommended retreat richens safelights
        0.8 sentimentalised sentimentalist sentimentalize sentimentalizing significant sillies
        0.8 silliest smug solemnly solve substantial succession superiorities supremacies swift
        0.8 top tranquillest tranquillizing treasury troubleshoot troubleshooters unbelievable
        0.8 urgent vitalizations warmups worshippers xtc
        0.9 ;) acceptations adequate adorn adorners adventurers allow appeased appeases assurer
        0.9 attractancy audacious awarder benignities blamelessly boldnesses buoyant certainties
        0.9 cheerleader clarifies compassionateness compelling consent decisive determinable
        0.9 determinably determinatives divining doubtless dynamists dynamitic energies
        0.9 exhaustlessness exploration fad flexible freeform graced grants grins hailed
        0.9 harmonicists harmonium harmonizations hhok humoresques impression impressions
        0.9 innocenter intrigues jk jokesters joking joyriding jt libertarian livelihoods lown
        0.9 loyalisms musm okay opportunistically optimizations pardoned perfectiveness
        0.9 perfectives popularizations prepared profitwise promissory raptured recommends
        0.9 romanticized sentimentalities spark stimulate stimulated straight successional
        0.9 successively successor surprised surprises tendernesses terrorless toughening
        0.9 treasuries triumphalists validated vigour virtuosi visions warm wilco wiselier wishing
        0.9 worshipers worth
        1.0 :p ;-) >:p [; abilities acquitted adorning advanced advantage alright amazonstone
        1.0 amoristic appeasing beneficiate bffn brightener brighteners certainty champed champy
        1.0 chance cleverish comprehensive conciliate consents convince created cutesie dearies
        1.0 delicately determinacy dream easing endorsed engagers engages entertainers
        1.0 excitableness exonerating favors flatteringly flexibilities freeholds freers
        1.0 freethinker freethinkers freewill frisky fulfills gigglier giggly gracioso granted
        1.0 guarantee harmless heroicomic honorariums immortal impressionist interests j/w jhomf
        1.0 jj jokes joyrode justifiably keenly loyalism luckiness magnification neater plays
        1.0 pleasers poised popularizers pressureless prizefighter prizer promisor readiness
        1.0 relaxant relaxations relievers resolvable richening sentimentalism sillier steadfast
        1.0 stimulates strongholds successiveness superiors surefire surety troubleshooter trustee
        1.0 trusties vigors virtuose vision warmers wells worshiper worshiping wowsers wp
        1.1 (* (; :-, acceptability accepted actives agreed agreements amuser appease
        1.1 apprehensible assurers attachments beneficed benefices benignantly brightwork
        1.1 calmative certain chic chuckles chucklesome committed conciliated conciliates
        1.1 consolable create creates creation creationisms definite desired determinateness
        1.1 determinative determinator devotements divinations dynamics energy engager ensuring
        1.1 entitled excitatory faultlessness fearlessly fearlessness fervent fitness forgive
        1.1 forgiveness freedman freelancer freer freestanding freethinking gigglingly god grandee
        1.1 greeted grinned grinner gt happing helpers heroicomical humor humoured increased
        1.1 innocents invigorator jokey joyride lenient loyalists meriting meritocrats
        1.1 merrythought neatens neats outreach painlessly palatably partyers popularised
        1.1 profitabilities profitability promisees radiances relievable resolute respectiveness
        1.1 safeguarding safelight salient securement sentimentalized sentimentalizes significance
        1.1 smarty sociability solved solves strongly successionally successive successors
        1.1 supporter surprise surprising tnx tolerant txs vigor visioning vitalise vitalises
        1.1 vitally vitals warmed warms well willingness worshipfully yolo
        1.2 ,-: absolve admiralty admits adventurer adventurists alert amorino attachment
        1.2 attractor attractors avid awardees beautician benevolentness blithe bolder champagne
        1.2 championed cheerio cheerleaders cheerleading cheerleads chuckled chucklers chucklingly
        1.2 comedians comforters commit convivial creating creditableness d: determinately
        1.2 devotional devotionals diviners doubtlessly dynamical dynamisms eased excitability
        1.2 excitants festivalgoers flatteries forgivers freeborn freedoms freelance frees gg
        1.2 glamorising glorioles gn gracility grandees hago heavenwards helping humored
        1.2 humoresque humorist hurraying idealize immune impressibility inspirators
        1.2 intellectualized intelligibly invigorations invigorators jaunty jocular join joke
        1.2 laughableness laughably libertinisms lucking magnifications neaten nicety ok
        1.2 opportuneness outgoing painless pardons partyer perfective playfulness popularising
        1.2 promisingly prospect prospects radiants relaxins respectableness restore restores
        1.2 restoring romanticizing securities sentimentalise sentimentality sentimentalization
        1.2 share shares singleminded sociabilities solidarity sparkling stable stamina succeeder
        1.2 supportive surer surprisingly surviving swiftly tenderers tolerance tranquilly
        1.2 treasure treasurerships trustors usefulness vital vitalities vitamin warmer wiser
        1.2 worship yeah yep
        1.3 (-* (-; :-) :?) =p [: ability absolves acceptable acceptableness acceptation accepts
        1.3 achievable acquitting actively admiral adorner adornment adventure adventured
        1.3 adventuresomeness adventurously agreeablenesses amusers apologized assures assurgent
        1.3 attractant awarders benign benignity bolds boosts calm calmly calms comfortableness
        1.3 competent conciliating cool curious cutely desirable desirous eases easygoing embrace
        1.3 endorse endorsement entertain expand fair faithed fan fantasticalness favorer
        1.3 favouring festivalgoer flattering flexibly freebee freebees freedwomen fresh funnies
        1.3 funnymen gl glamorise gracing granting gratify greet harmonies harmonised heros
        1.3 honorers huge humorists idealizer importantly improvements improvers incentives
        1.3 increase inspirited intellectualistic inviting invulnerable joked joyriders kewl laoj
        1.3 leet meaningful meritoriously nbd neatening neatness novel nurturances optimally
        1.3 optimistic original pardon perfectionism perfecto pleasantries please popularization
        1.3 popularize pray profited prominent promise promiser protects radiantly redeemed
        1.3 reliefs relievo rescues respectfulnesses respects responsible riskless romancer
        1.3 romances romanticises romanticists secures securing sentimental shockproof smartie sok
        1.3 solution soothing sparkles spirited strengthen succeeders supported supremos sure
        1.3 surest sureties trustier truth vitality vitalizing wises wisewomen youthful
        1.4 0:-) ;^) ^<_< advantaged adventures adventuresses adventurist adventurous agreeing
        1.4 applauds assurance assurances assure assuredness attractants badass benefic
        1.4 benevolently boosting brightnesses certainly charitably chuckling clevernesses
        1.4 contented contentedness creditabilities daringness delectables determined devote
        1.4 diamond dignities dynamist easefully easily endorses engage engaging enthusiasts
        1.4 excited exciters exultantly favorers flexibility forgave forgivingly freehanded
        1.4 funnyman g1 gains gentler gigglers giver giving gladly glamors ha harmlessly
        1.4 harmonising harmonizing heavenward helper hho1/2k highlight honorary honorific
        1.4 humerous idealise idealizations idealizing importancy innocent innocently
        1.4 intellectually intelligible irresistible j/p j4f keenness lawl m8 magnificoes
        1.4 meditative merited motivation neatly np ntmu nurture openness partied partier perfecta
        1.4 perfecters play played popularizes prays pride promotes proudhearted radiance radiancy
        1.4 reassurances reassure relaxers relievedly resolvers respectively restored revive
        1.4 robust safeguards safekeeping secure securely secureness securitized security shared
        1.4 solving strengtheners superiority tenderest thks validates validating value valuing
        1.4 vitalizes warmish welcomed welcomer wellsprings worships worthwhile
        1.5 (-:o (^: (^; 0:-3 5fs :-p absolved acceptably admirals admires advantageous advantages
        1.5 adventurism affectionally affections agree amusement amusements apologizes applauded
        1.5 appreciators asset assured attract beneficences boldly boldness boosted brightens
        1.5 brightly calmer charminger cheerled comedy comfort contentment courtesy coziness
        1.5 creatively credited credits cutesier cuteys cutie d= daring devotement dynamically
        1.5 dynamistic eager ease easeful easygoingness efficiency elation encouraged encourager
        1.5 encouragers energizations engagingly enthusiast excitabilities excitable ez
        1.5 fantasticate festivals fiestas fit freehearted freemen giggled giggling gloriole grant
        1.5 gratifies greater grinning harmonics harmonizes honoraries humoristic idealities
        1.5 importance impressionistic incentive inspiratory intellectualization intellectualize
        1.5 intellectualness intelligencer intelligentsia intelligibility intelligibleness
        1.5 interestedly invigoration jewel jokester keen kissers kk like loyalist mercy natural
        1.5 niceties nurtural o:) opportunely optimal optimizer perfectible perfectionist
        1.5 pleasanter popularizing praying privilege promised promoting ready reassurance
        1.5 reassures recommend relaxedly relaxes relieve reliever relieves relieving responsive
        1.5 restful romanticization safeguarded safeness safeties satisfactoriness satisfactory
        1.5 scrumptiously securer sincerities smartened smartens smartly smartnesses smile smileys
        1.5 sociableness soothe supportiveness supports surefootedness surprisal survivor sympathy
        1.5 tenderhearted thank thrill thrills thx tranquilities tranquilness truer trustfully tx
        1.5 validate vigoroso virtues vitalized warmness wealthy wellspring wised
        1.6 (-: (o: *<|:-) *^: 0;^) =] absolving accept acceptabilities acceptant accepting
        1.6 admiralties admirations admiring adores advantageousness advantaging agreeably alive
        1.6 amorist amusing apologise appreciativeness assuredly assuring astonished beaut
        1.6 benefits blessedness bold boldest brighter brightness calmed calmest calmnesses
        1.6 capable captivated charitablenesses cherish clear comedian comediennes commitment
        1.6 compassionated compassionates compassionating convincingly creations creativity credit
        1.6 d-: darlingly dear delighting devotedly devotee devotes divinatory dynamic dynamism
        1.6 eagerly eagers easement easiness efficiencies elegancies enchanted energization ensure
        1.6 entertainer enthuse exonerates favorably favourer favourers flattered focused
        1.6 foolproof forgivably forgiven freedwoman freeness freest friendships funninesses
        1.6 gained glamorization glamorizers glorifiers graces gratification gratified greeting
        1.6 grinners growth harmonized harmonizer harmonizers helps holidays honourers hoped
        1.6 hopefulness huggable hugger humorous humors idealist impressionistically innocence
        1.6 innovation integrity intellectuals intelligencers intelligences j/k jw kissed
        1.6 liveliness lts luckie lucks lylb merrythoughts motivate niceness nurturance o;^)
        1.6 opportunities optimisation optimises optimists optimization palatable partying
        1.6 passional peacekeeper peacekeepers peacekeepings perfects picturesque playfully
        1.6 popularise popularities positivism prettied privileges profitably profiting promisers
        1.6 promises promote protect relaxer relieved relishing resolve resolving respecters
        1.6 revives rewarder safeguard satisfactorily securitizes smarts sociably stressless
        1.6 stresslessness stronger stunning surefootedly thoughtful tranquilest trustily
        1.6 trustiness trustingly trustingness ty unified untarnished vindicates vitalization
        1.6 vitalize welldoers welling wiseliest worshipfulness worshipping xp xqzt yvw
        1.7 8-d :-* [= acceptances accomplishes active admirers adorer adventuresome adventuristic
        1.7 amuse amuses amusive appreciate appreciations appreciatory approves astound attracts
        1.7 awarded beautifier beautifiers beauts beneficialness benefitted benevolence blessedly
        1.7 boost calming calmness carefree charitable charm cheerer cheerlead chuckle clarity
        1.7 clean clearly comedic comedies comforting comfortingly compassionately complimentarily
        1.7 compliments convinced convincing creativities creditably definitely desire
        1.7 determination devoted dignity divination dreams eagerness efficiently empathetic
        1.7 energizers engaged enlightens entertained enthuses exhilarating fantasticality favor
        1.7 favorited flirtation forgivable forgiver forgives freed freeman freenesses friended
        1.7 funnier gallant gga giggliest givers glamorize gracile grander hardy harmonize harmony
        1.7 healthy heavens help hilarious holiday honorer honorifics hopefully hugged humouring
        1.7 idealism idealistically impressiveness intellective intellectualities intellectuality
        1.7 interested interesting interestingly j4g jollities justified kisser laugher laughers
        1.7 liking livelier livelong meritoriousness merits merrier merrymakers neatest nifty
        1.7 nurturant opportune optimised optimising pardoning parties party peaceable peacemaking
        1.7 pleaser pleases positivists pretties promising rapturous reassured reassuring
        1.7 reinvigorating relaxin respectably respectfully romancers romantic romanticise
        1.7 romanticised safest secured sincere smart smartening smarties smiler smiley special
        1.7 splendiferousness strengths strongish support terrifically thoughtfully treat trusting
        1.7 truthfulness valuableness values virtuosa warmest warmly welcomes wish x-p yeees yes
        1.8 accomplish admirer adored adventurousness affectioned agreeable agreeableness amorous
        1.8 amused amusingness applause appreciatively approved astounded astounding attracted
        1.8 attractions attractiveness awardee beatific beautifies beneficiaries bless cared
        1.8 championing champs charity cheerers comfortably comforted complimented creativeness
        1.8 creditable cutes dearly deliciousness devotions dignify divinities easier easiest
        1.8 efficient elegances encouragement energetically enjoyably entertainment excitant
        1.8 excitation excitations exonerate exonerated faith faithfully faiths favored favoring
        1.8 favorites favoured favours ff foaf forgivingness freebie freebies friending friendlily
        1.8 fulfilled funniness funning gaining generously genial gentlest giggle glamorised
        1.8 glamorizing grace gratefuller gratifications greetings hahas harmonic harmoniousness
        1.8 harmonise helpful heroines honesties honourer hopes hoping huggers hugging hurrayed
        1.8 idealistic idealization idealized ideally improver improves improving inspiring
        1.8 inspiriting intellects intellectualizes interestingness jollity kiss kissy
        1.8 lighthearted liked likes livelily lmbao lol lucky magnifico marvel mature merit nice
        1.8 once-in-a-lifetime opportunity optimisations optimizes peaceableness perfecter
        1.8 perfectibility popular popularizer popularly positivisms powerful proactive progress
        1.8 promoted qt reassuringly reinvigorates rescued respectabilities respective
        1.8 romantically romanticize romanticizes rotglmao safer safety satisfied satisfies saved
        1.8 sharing sincereness sparkle strengthened strengthener succeeded sunny talent tenderly
        1.8 tenderness thankfully tranquility tranquillity treasures true trustworthiness truths
        1.8 united usefully vindicated virtue virtuosas virtuosos virtuously vivacious warmhearted
        1.8 wellborn winnable winned wisely woot yw {:
        1.9 (-:|>* (^;o *: 0:) 0:03 8) <3 accomplished advantageously affectional affectionate
        1.9 agog agreeability appreciating attractive awarding beautification beneficial
        1.9 benefitting benevolences better blessers braved braves bright brighten brilliants
        1.9 championship charitableness charmer charms cheerfuller cherishers classy comforter
        1.9 commend commended complimentary considerate contentedly creative creditability
        1.9 creditworthiness cutenesses dearer dears deary deliciously dignitary easy effectively
        1.9 elegantly encourages energetic energising enjoyable enjoyableness entertaining
        1.9 entertainingly enthusiasm enthusing esteemed excitements exciter excitingly faithful
        1.9 faithfulness fame fave favour fearless fond fondly forgiving fortunate freely
        1.9 friendship fulfill funnily funny gallantly gentle gift glamours good hak handsomely
        1.9 harmoniously harmonization helpfulness heroizing hi5 honester honorarily hope hurrahed
        1.9 ideality idealizers impress improve influential innocency innovative inspirator
        1.9 inspires inspirit intelligential invigorate jovial keenest kissably laughings lively
        1.9 loyalties lucked luckier n1 nicely nicer nurtured nurturer nurtures optimality
        1.9 optimise peacefuller playful pleased pleasurability pleasures popularized positivistic
        1.9 praiseworthily preciousness privileged profit profitable profits protected proudful
        1.9 reinvigorated rejoice relax respectable respectfulness rewarders richened richly
        1.9 romanticist romantics safe satisfaction satisfiable satisfyingly sentimentally smarten
        1.9 sociable splendiferously stimulating strongest sunshiny supporters supporting supremo
        1.9 surefooted surely thanked thankfuller thanks thoughtfulness thrilled tranquiler
        1.9 triumphalisms truest truly truster truthfully urw useful valued welcomely welcomers
        1.9 welcoming wellness wiseness worthy
        2.0 (^;0 :) :c) =-3 acceptance amorousness aok applaud attraction awards benefit blesseder
        2.0 braveries breathtaking brilliantines carefulness cares charmed cherishable cherishing
        2.0 clever cleverer compassion cute cutiepie dearness dedicated delighter delights
        2.0 devotedness devotion dignifies encouragingly energizing engagement enjoyments enthused
        2.0 enthusiasms excel fab fantastical fascinates faultless faultlessly fav favorite
        2.0 festive friendlier friendliness ftw gently gj glad glamourous glorification goodness
        2.0 graceful grand grateful gratifyingly gratz haha handsomer harmonious heroized hhoj
        2.0 honestly hugz humourous idealises idealizes impressively improvement innovates
        2.0 inspirers intellect intellectualist intelligent intelligently interest invigoratingly
        2.0 j/j jewels jollies jollifications kindness kissable l laughed likeable luck lulz
        2.0 marvels merriments mirthfully mml motivated neat neatened noble nurturing o:-)
        2.0 optimisms optimized optimizing passion peaceably peacekeeping peacemaker pleasantry
        2.0 positivist praiser praisers prizes rejoiced relaxedness respectful rewardable
        2.0 romancing romanticizations satisfy satisfying serene sincerer sincerest smarter
        2.0 smartness smiling splendors sprightly strengthens suave sureness sweet talents
        2.0 thankfullest thrillingly triumphal triumphs truthful virtuoso virtuousness warmth
        2.0 wealthily welcome welcomeness wows
        2.1 ((-: (-;| (?: *-: 10q 1337 2qt :> :^) :o) :} <: =3 >_>^ @>-->-- admire adorably
        2.1 adorers amazedly ambitious applauding approval ardent astoundingly astounds attracting
        2.1 attractivenesses beautified beautifuler beneficiary brightened champ charmers
        2.1 cheerfully cheerfulness cheers comedically comforts compliment confidently
        2.1 courageousness cutesy cutey daringly delightedness delightfulness devoting dignifying
        2.1 effective elegance elegancy elegant encouragements energised energize energizer
        2.1 energizes excite excites fantasticalities fascinated favorable festivities fiesta
        2.1 freeing friends glamor glamorises glamorized glamorously glories gorgeousnesses
        2.1 grandeurs gratefully grin harmonically heartwarming heroize honoree honourable
        2.1 honouring hug humoring humour hurrahs idealised impressed impresses improved
        2.1 inspirations inspiritingly intelligence invigorates invigorating jollify liveliest
        2.1 loyal loyally medal meritorious nicenesses o/\o okays optimistically optimizers
        2.1 peacefulness peaces peacetimes perfectibilities perfectively pleasantly popularity
        2.1 prettier prosperous proud radiant rejoices relief respect respected respecter rewards
        2.1 richnesses roflcopter romanticisms satisfactions scrumptious sincerely slaw smiles
        2.1 splendidly sweeties sweetly terrific thankfulness thrilling treasuring triumph
        2.1 trueness trustability trusted trustful trustfulness trusts valuable valuables vbg
        2.1 virtuosity vitalising vwp winners wise wisest woo wtg
        2.2 ('-: (: (= --<--<@ :] ;-* =) @}-;-'--- \o/ admirableness adorability adorable
        2.2 adorations affectionately agreement amazed amazements amazes amusedly attractively
        2.2 beneficently benignant blessing bravery care caring championships charities charmingly
        2.2 cheeriest cherisher cherishes compassionate confident congratulate courage cutesiest
        2.2 cuties darlings dearie devotionally dignified energise energises enjoy enjoyer
        2.2 enjoyers enlightened enthusiastic excelled excitement exciting fascination
        2.2 favorableness festival festively festivity friend friendlies friendly funner glorifies
        2.2 gracefuller gracefulness gratefulness hagd hagn hand handsome heroisms heroizes
        2.2 honesty honor honorability honorableness honorifically honoured honours hugs innovate
        2.2 inspired inspirer intellectualism invincible jollification joys kinder kindly kmuf l&r
        2.2 laughing laughs laughter laughters lovelies merriness merrymaker merrymaking
        2.2 motivating nh nicest o:-3 optimize passions peaceful peacetime perfectivity
        2.2 positivenesses praised preciously pretty prouder reinvigoration relaxed relaxing
        2.2 respecting rewarded richness romanced romanticism safely save splendorous splendour
        2.2 splendours splendrous strength strengthening succeed succeeding succeeds successfully
        2.2 sunshine superiorly supremest sweetie sweetness sweets triumphed trustiest trusty
        2.2 virtuosic w00t wealth wealthier wealthiest |;-)
        2.3 (': *\0/* ---'-;-{@ :') :-d :3 :d =d admired admiringly adventuring amoroso amorously
        2.3 appreciated appreciates appreciation beautify beautifying beloved beneficent bl
        2.3 bravely bravest brilliancies cheer cheered cheering cherished cleverly cleverness
        2.3 comfortable complimenting confidence courageously courteous cuteness cuter darlingness
        2.3 dauntless delighted delightsome divinize earnest ecstasies ecstatic encourage
        2.3 energized enjoyed enjoys enlighten enlightening enterprising entertainments ethical
        2.3 excitedly flawless free fun funned generosity generous glamorous glorified glorifier
        2.3 gorgeously graciously gratifying gratitude h&k heaven heavenlinesses helpfully heroes
        2.3 honest honorees honoring honors hooray hopeful humorously impressive inspirational
        2.3 inspirationally intellectual iyq jolly jollying joyance k4y kfy kindnesses kisses
        2.3 kudos laughingly liberties luckily magnific magnificences muah o:3 passionateness
        2.3 perfecting pleasant pleasantness pleasantnesses pleasured positiveness positiver
        2.3 positivity prize prizewinner reinvigorate rescue revered smilingly splendidness strong
        2.3 sunnier supremeness supremer survived swak sympathetic talented tgif tia tops
        2.3 triumphantly triumphing trust trustable trustworthily valuably vip winningly woohoo
        2.3 xoxozzz
        2.4 (:0 *-; 14aa41 =-d admirability adoringly affection awardable beauties beautifications
        2.4 beneficially brave braver champions charmingest cheerly congrats courageous
        2.4 creditworthy delightedly encouraging enjoying entertains excellencies fabulous
        2.4 fascinate festiveness gain generousness glamorizer glamorizes glamour gloried
        2.4 glorifying gracefully graciousness grandest grandeur handsomeness happier heroically
        2.4 heroics honorably humorousness hurrahing hurrays ideal inspiration jollied jollier
        2.4 joyfuller justice kind liberty lovers magnifical magnifically magnificence merrily
        2.4 merriment merrymakings optimist passionate passionately peacefully peacemakers
        2.4 pleasing pleasurable pleasurableness positively positives praises praiseworthiness
        2.4 prized prizewinners profitableness r&r relaxation respectability rewarding rewardingly
        2.4 richer riches richest sexy sgtm sunniest triumphant vibrant virtuous visionary
        2.4 wealthiness winning wisdom worshiped yay yummy
        2.5 (:o :* aas admirably admiration adorableness amaze amazement award beauteous blessings
        2.5 bonus brightening bwahahah cheerful cheerily cheeriness excellences excellency
        2.5 excelling excels fascinating fondness fwb gla glory heartfelt honorable impressing
        2.5 jolliness joyfully joying lmfao loyalty masterpieces merry mwah optimism peace
        2.5 perfections praising roflmao rotflmfao self-confident smiled superior treasurable tyvm
        2.5 welldoer winnings wowing ywia
        2.6 (8 1432 :^* admirable adore adoring appreciative appreciator b^d beauteously
        2.6 beautifulest beautifulness blesser blesses bonuses brilliancy cheerier cheery
        2.6 cleverest dearest delighters divine enjoyment enthusiastically fantastic friendliest
        2.6 funniest gallantry generosities gloriousness gracious hahaha handsomest happily
        2.6 happiness hero heroic hurrah ily2 inspiringly laugh ly lylas mirth pleasantest
        2.6 pleasurably positive positivities praise praiseworthy proudest proudly ptl remarkable
        2.6 rich romance rotfl securest sophisticated splendiferous successes supreme treasured
        2.6 trustworthy vwd wowed x-d
        2.7 :'-) aayf beauteousness beautifully benevolent bliss celebrate celebrated celebrates
        2.7 celebrating delicious delightfully divinest divinity excellent glorify gr8 happy
        2.7 heavenliest heavenliness heroine honour hurray iluaaf inspire jollily joyfulness
        2.7 kissing lmso lolz loves lovingness ly4e lylab merriest mirthful overjoyed perfect
        2.7 perfected perfection pleasure precious prettiest reward rofl romanticising sfete
        2.7 splendent success successfulness supremely tenderheartedly thankful warmheartedness wd
        2.7 wins won wonderful worshipped
        2.8 (-:0 2g2b4g :-)) alol amazing beauty beneficence blessedest brilliant charming cutest
        2.8 darling delectably delightful ecstatically exhilarates exuberant fabulousness godsend
        2.8 gracefullest heroism honored joy joyousness lifesaver lovely lover loverly miracle
        2.8 pleasuring pukka rejoicing rotflmao sete splendid successful sweethearts
        2.8 tenderheartednesses win winner wow xd
        2.9 8d adoration ambw beautiful bff blessed blissful blockbuster brilliance brilliances
        2.9 champion congratulation congratulations delectable delight divinely ecstasy ecstatics
        2.9 funnest gleeful gloriously gorgeousness heroical jolliest joyed joyful joyously lmao
        2.9 loved loving luckiest magnificent marvelous positivest rotgl soulmate super
        2.9 wonderfully wonderfulness
        3.0 amor brightest brilliantly enrapture exhilarated exultant gorgeous hallelujah
        3.0 heavenlier heavenly honestest jubilant lovable lyb outstanding perfectness
        3.0 prizewinning rotflol smartest splendor sweet<3 xlnt xoxo
        3.1 awesome excellence excellently great joyous lyl masterpiece peacefullest perfectest
        3.1 superb vbs
        3.2 143 best cheerfullest elated euphoric freedom glee glorious greatest happiest heart
        3.2 love lovingly paradise perfectly
        3.3 ecstacy euphoria hearts lya sweetheart
        3.4 aml ilu ily magnificently
        """#
}
