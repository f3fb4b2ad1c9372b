namespace LayerStore.Containers;

/// <summary>Makes names as people expect them: an adjective and the surname of somebody who found something out.</summary>
internal static class NameGenerator
{
    private const int Attempts = 50;

    private static readonly string[] Adjectives = Words(
        """
        agile amber ample ancient apt balmy blithe bold brave breezy bright brisk bubbly busy calm candid careful cheerful clear clever
        cosmic crisp curious daring deft diligent dreamy eager early earnest easy exact fair fancy fearless fine fluent fond frank fresh
        friendly gallant gentle gleaming glad golden graceful grand handy happy hardy hearty helpful honest hopeful humble jaunty jolly keen
        kind lively loyal lucid lucky mellow merry mighty mild modest neat nifty nimble noble patient placid plucky polite proud prudent
        quick quiet ready robust rosy serene sharp shiny silent smart snug sober spry steady sturdy subtle sunny swift tidy
        tranquil true trusty upbeat vivid warm wise witty zesty
        """);

    private static readonly string[] Surnames = Words(
        """
        abel aiken alhazen ampere amundsen anning archimedes aristarchus arrhenius asimov avogadro babbage bacon banneker bardeen bassi becquerel bell bernoulli berzelius
        bessel bethe bhabha blackburn blackwell bohr boltzmann bolyai boole born bose boyle brahe brahmagupta braille brattain bunsen burnell cannon cantor
        carnot carson carver cassini cauchy cavendish celsius chandra chatelet chebyshev clausius colden conway copernicus coriolis coulomb crick curie cuvier dalton
        darwin davy descartes dijkstra dirac doppler drake dubinsky earhart eckert eddington edison ehrlich einstein elion engelbart eratosthenes erdos esaki euclid
        euler faraday fermat fermi feynman fibonacci fleming foucault fourier franklin fraunhofer fresnel galileo galois galvani gauss germain gibbs goeppert goodall
        halley hamilton hamming harvey hawking heisenberg helmholtz henry herschel hertz hilbert hodgkin hooke hopper hoyle hubble humboldt hutton huygens hypatia
        ishizaka jackson jacobi jacquard jemison jenner johnson joliot joule kaku kapitsa kelvin kepler khayyam kirchhoff knuth koch kovalevskaya krebs lagrange
        lalande lamarr landau laplace lavoisier leavitt leeuwenhoek legendre leibniz lovelace lumiere lyell mach marconi margulis maxwell mayer mcclintock meitner
        mendel mendeleev mercator michelson millikan minkowski mirzakhani mobius morse napier nash nernst newton nightingale noether ohm oppenheimer ostrom papin pascal
        pasteur pauli pauling payne peano perlman planck poincare poisson ptolemy purcell pythagoras raman ramanujan rayleigh reynolds riemann ritchie roentgen rubin
        rutherford sagan salk sanger schrodinger shannon sikorsky sinoussi snow sommerville stokes swartz szilard tesla thales tharp thompson torvalds turing
        vaughan venn villani volta wallace watt wegener wiles williams wing wozniak wright wu yalow yonath zhukovsky
        """);

    /// <summary>A name for which <paramref name="isTaken"/> is false.</summary>
    public static string Next(Func<string, bool> isTaken)
    {
        var name = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            name = $"{Pick(Adjectives)}_{Pick(Surnames)}";
            if (!isTaken(name))
                return name;
        }
        // Thousands of containers: a number keeps the last draw apart from what is there.
        for (var number = Random.Shared.Next(10, 100); ; number++)
            if (!isTaken(name + number))
                return name + number;
    }

    private static string Pick(string[] words) => words[Random.Shared.Next(words.Length)];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
