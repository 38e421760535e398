/// The words that change the valence of others, as VADER 3.3.2 lists them.
enum Modifiers {
    /// What one intensifier adds. Found by experiment (Hutto and Gilbert, 2014).
    static let boost = 0.293

    static let intensifiers = """
        absolutely amazingly awfully completely considerable considerably decidedly deeply effing
        enormous enormously entirely especially exceptional exceptionally extreme extremely
        fabulously flippin flipping frackin fracking frickin fricking friggin frigging fuckin
        fucking fuggin fugging fully greatly hella highly hugely incredible incredibly intensely
        major majorly more most particularly purely quite really remarkably so substantially
        thoroughly total totally tremendous tremendously uber unbelievably unusually utter utterly
        very
        """

    static let dampeners = """
        almost barely hardly kind-of kinda kindof less little marginal marginally occasional
        occasionally partly scarce scarcely slight slightly somewhat sort-of sorta sortof
        """

    /// Beside these, every word that contains "n't" negates.
    static let negations = """
        aint arent cannot cant couldnt darent despite didnt doesnt dont hadnt hasnt havent isnt
        mightnt mustnt neednt neither never none nope nor not nothing nowhere oughtnt rarely seldom
        shant shouldnt uh-uh uhuh wasnt werent without wont wouldnt
        """
}
