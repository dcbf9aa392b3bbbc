import Shared
import Testing

@testable import Learning

@Suite struct ArtifactTests {
    @Test(arguments: ["kind", "price"]) func roundTripGivesTheSameBytesAndPredictions(_ target: String) throws {
        let artifact = try TableMaking.trained(target: target)
        let bytes = try artifact.encode()
        let back = try ModelArtifact.decode(bytes)
        try back.verify()
        #expect(try back.encode() == bytes)
        #expect(back.summary == artifact.summary)
        #expect(back.pipeline == artifact.pipeline)
        #expect(back.testVectors.rows.count == 32)
        let table = TableMaking.customers(50, seed: 3)
        #expect(Predictor(back).outputs(table) == Predictor(artifact).outputs(table))
    }

    @Test func changedOutputIsFound() throws {
        var artifact = try TableMaking.trained()
        artifact.testVectors.outputs[4] += 0.001
        #expect(throws: LearningError.self) { try artifact.verify() }
        #expect(
            throws: LearningError.testVectorMismatch(
                row: 2, expected: artifact.testVectors.outputs[4], found: artifact.testVectors.outputs[4] - 0.001)
        ) {
            var exact = artifact
            exact.testVectors.outputs[4] = artifact.testVectors.outputs[4]
            try exact.verify()
        }
    }

    @Test func damagedBytesAreRefusedAndNeverTrap() throws {
        let bytes = try TableMaking.trained().encode()
        var random = RandomStream(seed: 6)
        var refused = 0
        for _ in 0..<5_000 {
            var damaged = bytes
            if random.unit() < 0.3 {
                damaged.removeLast(1 + random.index(below: bytes.count - 1))
            } else {
                for _ in 0...random.index(below: 3) {
                    damaged[random.index(below: bytes.count)] ^= UInt8(1 << random.index(below: 8))
                }
            }
            if damaged == bytes { refused += 1 }
            do throws(LearningError) { _ = try ModelArtifact.decode(damaged) } catch { refused += 1 }
        }
        #expect(refused == 5_000)
    }

    @Test func damagedSectionsWithRightChecksumsNeverTrap() throws {
        let artifact = try TableMaking.trained()
        var pipeline = ArtifactWriter()
        artifact.pipeline.write(to: &pipeline)
        var model = ArtifactWriter()
        FittedModels.write(artifact.model, to: &model)
        var random = RandomStream(seed: 7)
        for _ in 0..<2_000 {
            for original in [pipeline.bytes, model.bytes] {
                var damaged = original
                damaged[random.index(below: damaged.count)] ^= UInt8(1 << random.index(below: 8))
                if random.unit() < 0.3 { damaged.removeLast(random.index(below: damaged.count)) }
                var reader = ArtifactReader(damaged)
                _ = try? FittedPipeline(reader: &reader)
                reader = ArtifactReader(damaged)
                _ = try? FittedModels.read(&reader)
            }
        }
    }

    @Test func otherFilesAndNewerFormatsAreNamed() throws {
        #expect(throws: LearningError.artifactDamaged(reason: "it does not begin as a csvand model does", offset: 0)) {
            try ModelArtifact.decode(Array("not a model at all".utf8))
        }
        var bytes = try TableMaking.trained().encode()
        bytes[8] = 9
        #expect(throws: LearningError.artifactVersion(found: 9, supported: 1)) { try ModelArtifact.decode(bytes) }
    }

    @Test func checksumIsTheUsualOne() {
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }
}
